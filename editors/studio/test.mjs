// Bundles test/ and runs it by node's own test runner.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';

const outdir = mkdtempSync(join(tmpdir(), 'studio-'));
const entryPoints = readdirSync('test').filter((name) => name.endsWith('.test.ts')).map((name) => join('test', name));
await build({
  entryPoints, outdir, bundle: true, platform: 'node', format: 'esm', outExtension: { '.js': '.mjs' }, logLevel: 'warning',
});
const names = readdirSync(outdir).map((name) => join(outdir, name));
const { status } = spawnSync(process.execPath, ['--test', ...names], { stdio: 'inherit' });
rmSync(outdir, { recursive: true });
process.exit(status ?? 1);
