// The contacts API as its official description says it is, strictly: Prism, on a repaired copy.
//
//   node mock.mjs FOLDER     FOLDER has the node_modules of package.json
//
// Prints `listening PORT`, and ends when its standard input does. Answers 422 with the list of
// complaints for unknown members, unknown query parameters, missing headers and wrong types.

import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

const read = name => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const copy = value => JSON.parse(JSON.stringify(value));

/// The places that a pointer names; `{a,b}` in it stands for each of them.
function places(pointer) {
  const choice = /\{([^{}]*,[^{}]*)\}/.exec(pointer);
  if (!choice) return [pointer];
  return choice[1].split(',').flatMap(one => places(pointer.replace(choice[0], one)));
}

function repair(spec, { at, set, merge }) {
  for (const pointer of places(at)) {
    const names = pointer.slice(1).split('/').map(name => name.replace(/~1/g, '/'));
    const last = names.pop();
    const parent = names.reduce((inside, name) => {
      if (inside?.[name] === undefined) throw new Error(`${pointer}: no ${name}`);
      return inside[name];
    }, spec);
    if (last === '-') parent.push(copy(set));
    else if (merge) Object.assign(parent[last], copy(merge));
    else parent[last] = copy(set);
  }
}

/// Puts the shared schemas in, so that the description stands alone.
function bundle(spec) {
  const shared = read('spec/common-schemas.json').components.schemas;
  const text = JSON.stringify(spec).replaceAll('../common/common-schemas.json#', '#');
  const whole = JSON.parse(text);
  Object.assign(whole.components.schemas, shared);
  return whole;
}

/// What is sent may hold declared members only: the API answers 422 `property X should not exist`
/// (issues 262 and 313), also inside dndSettings. No schema says so.
function forbidUnknownMembers(spec) {
  const open = [];
  const walk = node => {
    if (Array.isArray(node)) return node.forEach(walk);
    if (node === null || typeof node !== 'object') return;
    const named = /^#\/components\/schemas\/(.*)$/.exec(node.$ref ?? '');
    if (named) open.push(named[1]);
    if (node.type === 'object' && node.properties) node.additionalProperties ??= false;
    Object.values(node).forEach(walk);
  };
  for (const path of Object.values(spec.paths))
    for (const operation of Object.values(path)) walk(operation.requestBody);
  const done = new Set();
  while (open.length) {
    const name = open.pop();
    if (done.has(name)) continue;
    done.add(name);
    walk(spec.components.schemas[name]);
  }
}

const spec = bundle(read('spec/contacts-2021-07-28.json'));
read('repairs.json').forEach(one => repair(spec, one));
forbidUnknownMembers(spec);

/// Prism lets unknown query parameters pass: `METHOD`, path as a pattern, known names.
const routes = Object.entries(spec.paths).flatMap(([path, operations]) =>
  Object.entries(operations).map(([method, operation]) => ({
    method: method.toUpperCase(),
    literal: !path.includes('{'),
    pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    known: (operation.parameters ?? []).filter(one => one.in === 'query').map(one => one.name),
  })),
);

function queryComplaints(method, url) {
  const found = routes.filter(one => one.method === method && one.pattern.test(url.pathname));
  const route = found.find(one => one.literal) ?? found[0];
  const names = [...new Set(url.searchParams.keys())];
  return names.filter(name => route && !route.known.includes(name)).map(name => `unknown query parameter ${name}`);
}

const require = createRequire(resolve(process.argv[2], 'package.json'));
const { getHttpOperationsFromSpec } = require('@stoplight/prism-http');
const { createClientFromOperations } = require('@stoplight/prism-http/dist/client');
const silent = require('pino')({ level: 'silent' });
silent.success = silent.info;
const prism = createClientFromOperations(await getHttpOperationsFromSpec(spec), {
  mock: { dynamic: false },
  isProxy: false,
  checkSecurity: true,
  validateRequest: true,
  validateResponse: true,
  errors: true,
  logger: silent,
});

const text = one => `${(one.path ?? []).join('.')}: ${one.message ?? one.code}`;

async function answer(request, body) {
  const url = new URL(request.url, 'http://localhost');
  const unknown = queryComplaints(request.method, url);
  if (unknown.length) return [422, { message: unknown, statusCode: 422 }];
  try {
    const input = { method: request.method.toLowerCase(), headers: request.headers, body };
    const got = await prism.request(url.pathname + url.search, input);
    const { input: asked, output: told } = got.violations;
    if (asked.some(one => one.code === 401)) return [401, { message: 'Invalid JWT', statusCode: 401 }];
    if (asked.length) return [422, { message: asked.map(text), statusCode: 422 }];
    if (told.length) return [500, { message: told.map(text), statusCode: 500 }];
    return [got.status, got.data];
  } catch (error) {
    const status = error.status ?? 500;
    const listed = (error.additional?.validation ?? []).map(one => `${(one.location ?? []).join('.')}: ${one.message}`);
    const message = listed.length ? listed : [error.detail || error.message || String(error)];
    return [status, { message, statusCode: status }];
  }
}

const server = createServer((request, response) => {
  const parts = [];
  request.on('data', part => parts.push(part));
  request.on('end', async () => {
    const raw = Buffer.concat(parts).toString();
    let body;
    try {
      body = raw ? JSON.parse(raw) : undefined;
    } catch {
      body = raw;
    }
    const [status, data] = await answer(request, body);
    const sent = typeof data === 'string' ? data : JSON.stringify(data ?? {});
    response.writeHead(status, { 'content-type': 'application/json' }).end(sent);
  });
});
server.listen(0, '127.0.0.1', () => console.log(`listening ${server.address().port}`));
process.stdin.resume().on('end', () => process.exit(0));
