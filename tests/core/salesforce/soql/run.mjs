// run.mjs CORPUS: runs the judge over what that program prints; 77 ("skipped") where `npm ci` has not been run here.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

if (!existsSync('node_modules/@jetstreamapp/soql-parser-js')) {
  console.log('the parser is not installed: run npm ci in tests/core/salesforce/soql');
  process.exit(77);
}
process.exit(spawnSync(process.execPath, ['--test', 'judge.test.mjs'],
  { stdio: 'inherit', env: { ...process.env, SOQL_CORPUS: process.argv[2] } }).status ?? 1);
