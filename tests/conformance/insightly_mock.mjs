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
