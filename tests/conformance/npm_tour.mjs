// The official npm SDK calls all 32 contact operations of a server.
//
//   node npm_tour.mjs FOLDER URL TOKEN LOCATION     FOLDER has the node_modules with the SDK
//
// One line for each call; exit code 1 if any failed.

import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const [folder, url, token, location] = process.argv.slice(2);
const require = createRequire(resolve(folder, 'package.json'));
const { HighLevel } = require('@gohighlevel/api-client');
const fetchJson = async (path, init) => (await fetch(url + path, { ...init, headers })).json();

const version = '2021-07-28';
const headers = { authorization: `Bearer ${token}`, version, 'content-type': 'application/json' };
HighLevel.BASE_URL = url;
// The SDK's own default version is refused by every contact operation.
const { contacts } = new HighLevel({ privateIntegrationToken: token, apiVersion: version, logLevel: 'error' });

let failed = 0;
async function call(name, ...parameters) {
  try {
    const answer = await contacts[name](...parameters);
    console.log(`ok     ${name}`);
    return answer;
  } catch (error) {
    failed += 1;
    console.log(`FAILED ${name}: ${error.statusCode} ${error.message}`);
    return {};
  }
}

// What the calls refer to; campaigns and workflows have no API.
const { users } = await fetchJson(`/users/?locationId=${location}`);
const named = JSON.stringify({ name: 'Tour', locationId: location });
const { buiseness: business } = await fetchJson('/businesses/', { method: 'POST', body: named });
const user = users[0].id;

const email = `tour.${Date.now()}@example.com`;
const { contact } = await call('createContact', { locationId: location, email, firstName: 'Ada', tags: ['tour'] });
const { contact: second } = await call('upsertContact', { locationId: location, email: `second.${email}` });
const at = { contactId: contact?.id };
await call('getContact', at);
await call('updateContact', at, { city: 'London', dateOfBirth: '1815-12-10' });
await call('getDuplicateContact', { locationId: location, email });
await call('searchContactsAdvanced', { locationId: location, pageLimit: 10, query: 'ada' });
await call('getContacts', { locationId: location, limit: 10 });

const dueDate = new Date().toISOString();
const { task } = await call('createTask', at, { title: 'Call', dueDate, completed: false });
const atTask = { ...at, taskId: task?.id };
await call('getAllTasks', at);
await call('getTask', atTask);
await call('updateTask', atTask, { title: 'Call again' });
await call('updateTaskCompleted', atTask, { completed: true });
await call('deleteTask', atTask);

const { note } = await call('createNote', at, { body: 'Called' });
const atNote = { ...at, id: note?.id };
await call('getAllNotes', at);
await call('getNote', atNote);
await call('updateNote', atNote, { body: 'Called twice' });
await call('deleteNote', atNote);

await call('getAppointmentsForContact', at);
await call('addTags', at, { tags: ['vip'] });
await call('removeTags', at, { tags: ['vip'] });
await call('createAssociation', { type: 'add' }, { contacts: [contact?.id], tags: ['bulk'], locationId: location });
await call('addRemoveContactFromBusiness', { locationId: location, ids: [contact?.id], businessId: business.id });
await call('getContactsByBusinessId', { businessId: business.id, locationId: location });
await call('addFollowersContact', at, { followers: [user] });
await call('removeFollowersContact', at, { followers: [user] });

const campaign = { ...at, campaignId: 'PX8m5VwxEbcpFlzYEPVG' };
const workflow = { ...at, workflowId: 'PX8m5VwxEbcpFlzYEPVG' };
await call('addContactToCampaign', campaign, {});
await call('removeContactFromCampaign', campaign);
await call('removeContactFromEveryCampaign', at);
await call('addContactToWorkflow', workflow, { eventStartTime: '2026-11-25T10:00:00+00:00' });
await call('deleteContactFromWorkflow', workflow, { eventStartTime: '2026-11-25T10:00:00+00:00' });

await call('deleteContact', at);
await contacts.deleteContact({ contactId: second?.id });
process.exit(failed ? 1 : 0);
