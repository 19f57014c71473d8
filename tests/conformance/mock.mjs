// The contacts API as its official description says it is, strictly: Prism, on a repaired copy.
//
//   node mock.mjs FOLDER     FOLDER has the node_modules of package.json
//
// Prints `listening PORT`, and ends when its standard input does. Answers 422 with the list of
// complaints for unknown members, unknown query parameters, missing headers and wrong types.

import { createServer } from 'node:http';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';

import { repaired } from './description.mjs';

const spec = repaired();

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
