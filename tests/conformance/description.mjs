// The official description of the contacts API (public domain, tree of 2026-06-19), repaired:
// each entry of repairs.json says what is wrong and what shows it. `node description.mjs [VALUES]` prints it.

import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const read = name => JSON.parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
const copy = value => JSON.parse(JSON.stringify(value));

/// The places that a pointer names: `{a,b}` in it stands for each of them, `:name` for `{name}`.
function places(pointer) {
  const choice = /\{([^{}]*,[^{}]*)\}/.exec(pointer);
  if (!choice) return [pointer];
  return choice[1].split(',').flatMap(one => places(pointer.replace(choice[0], one)));
}

function repair(spec, { at, set, merge }) {
  for (const pointer of places(at)) {
    const names = pointer.slice(1).split('/').map(name => name.replace(/~1/g, '/').replace(/:(\w+)/g, '{$1}'));
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

/// The official description, whole and repaired.
export function repaired() {
  const spec = bundle(read('spec/contacts-2021-07-28.json'));
  read('repairs.json').forEach(one => repair(spec, one));
  forbidUnknownMembers(spec);
  return spec;
}

/// Only these values: `{ locationId: ['…'], contactId: ['…', '…'] }`, wherever a request names one.
export function pinned(spec, values) {
  const walk = (node, inRequest) => {
    if (node === null || typeof node !== 'object') return;
    if (values[node.name] && node.in && node.schema) node.schema.enum = values[node.name];
    for (const [name, allowed] of Object.entries(values))
      if (inRequest && node.properties?.[name]?.type === 'string') node.properties[name] = { type: 'string', enum: allowed };
    Object.values(node).forEach(inner => walk(inner, inRequest));
  };
  walk(spec.paths, false);
  for (const [name, schema] of Object.entries(spec.components.schemas))
    walk(schema, /(Dto|DTO|Update)$/.test(name) && !/Response/.test(name));
  return spec;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const values = JSON.parse(process.argv[2] ?? '{}');
  console.log(JSON.stringify(pinned(repaired(), values)));
}
