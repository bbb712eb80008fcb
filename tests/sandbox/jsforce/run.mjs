// Runs the judge; 77 ("skipped") where `npm ci` has not been run in this folder.
import { existsSync } from 'node:fs';
import { spawnSync } from 'node:child_process';

if (!existsSync('node_modules/jsforce')) {
    console.log('jsforce is not installed: run npm ci in tests/sandbox/jsforce');
    process.exit(77);
}
process.exit(spawnSync(process.execPath, ['--test', 'judge.test.mjs'], { stdio: 'inherit' }).status ?? 1);
