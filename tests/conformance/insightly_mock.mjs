// The Insightly API as the vendor's description says it is, strictly: Prism.
//
//   node insightly_mock.mjs FOLDER DESCRIPTION     FOLDER has the node_modules of package.json
//
// Prints `listening PORT`, and ends when its standard input does. Answers 4xx and 5xx for what
// the description does not allow. The description is the vendor's, and not kept here.

import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const require = createRequire(resolve(process.argv[2], 'package.json'));
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { createServer } = require('@stoplight/prism-http-server');
const silent = require('pino')({ level: 'silent' });
silent.success = silent.info;

const description = JSON.parse(readFileSync(process.argv[3], 'utf8'));
const repairs = JSON.parse(readFileSync(new URL('insightly_repairs.json', import.meta.url), 'utf8'));

/// Every schema in a body or an answer, with the operation that it is in.
function schemas(visit) {
  const walk = (node, at) => {
    if (Array.isArray(node)) return node.forEach(one => walk(one, at));
    if (node === null || typeof node !== 'object') return;
    visit(node, at);
    Object.values(node).forEach(one => walk(one, at));
  };
  walk(description.definitions, {});
  for (const [path, operations] of Object.entries(description.paths))
    for (const [method, operation] of Object.entries(operations)) {
      walk(operation.parameters, { path, method, sent: true });
      walk(operation.responses, { path, method });
    }
}

const rules = {
  'no limit': node => node.maxLength === 0 && delete node.maxLength,
  'space in dates': node => {
    if (node.format !== 'date-time' || node.in) return;
    delete node.format;
    node.pattern = '^\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d$';
    node.example = '2025-04-22 20:03:25';
  },
  'names of objects': node => {
    if (node.OBJECT_NAME?.type === 'string' && node.SINGULAR_LABEL) node.OBJECT_NAME.example = 'Fruit__c';
  },
  'strange formats': node => ['string', 'object', 'boolean'].includes(node.format) && delete node.format,
  'partial put': (node, at) => {
    if (!at.sent || at.method !== 'put') return;
    const named = /^#\/definitions\/(.*)$/.exec(node.$ref ?? '');
    if (named) {
      delete node.$ref;
      Object.assign(node, structuredClone(description.definitions[named[1]]));
    }
    if (Array.isArray(node.required)) delete node.required;
  },
  'ids below zero': node => {
    for (const [name, member] of Object.entries(node))
      if (name.endsWith('_ID') && member?.type === 'integer') member.minimum ??= 1;
  },
  'null blanks': (node, at) => {
    if (at.method !== 'put' || !at.sent || !node.properties) return;
    for (const member of Object.values(node.properties)) if (member.type) member['x-nullable'] = true;
  },
  'any value': node => node.FIELD_VALUE && (node.FIELD_VALUE = {}),
  'server defaults': (node, at) => {
    if (Array.isArray(node.required) && node.type === 'object')
      node.required = node.required.filter(
        name => !repairs.optional.includes(name) && !node.properties?.[name]?.readOnly,
      );
  },
};
for (const { rule } of repairs.rules) schemas(rules[rule]);
for (const { path, method, status, schema } of repairs.answers)
  description.paths[path][method].responses = { [status]: { description: 'repaired', schema } };
// Without the described refusals, Prism says itself what it refuses, and why.
for (const operations of Object.values(description.paths))
  for (const operation of Object.values(operations))
    for (const status of Object.keys(operation.responses)) if (status >= 400) delete operation.responses[status];
for (const { path, method } of repairs.arrays) {
  const body = description.paths[path][method].parameters.find(one => one.in === 'body');
  if (body && body.schema.type !== 'array') body.schema = { type: 'array', items: body.schema };
}
for (const { path, method } of repairs.anyBody) {
  const body = description.paths[path][method].parameters.find(one => one.in === 'body');
  if (body) body.schema = { type: 'object' };
}
const server = createServer(await getHttpOperationsFromSpec(description), {
  components: { logger: silent },
  cors: false,
  config: {
    mock: { dynamic: false },
    isProxy: false,
    checkSecurity: true,
    validateRequest: true,
    validateResponse: false,
    errors: true,
  },
});
const url = await server.listen(0, '127.0.0.1');
console.log(`listening ${new URL(url).port}`);
process.stdin.resume().on('end', () => process.exit(0));
