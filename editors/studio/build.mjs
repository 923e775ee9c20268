// Bundles src/ into the package: one script, one style sheet, the fonts, and the licences of what
// of others is in them. The same input gives the same bytes, so a test can tell whether what is
// shipped is what stands here.
import { copyFile, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';

const out = process.argv[2] ?? '../../newsletter/web/studio/static';

const { metafile } = await build({
  entryPoints: { studio: 'src/main.ts' },
  outdir: out,
  bundle: true,
  format: 'esm',
  target: ['chrome111', 'firefox115', 'safari16.4'],
  minify: true,
  legalComments: 'none',
  charset: 'utf8',
  loader: { '.woff2': 'file' },
  assetNames: '[name]',
  logLevel: 'warning',
  metafile: true,
});
await copyFile('src/favicon.svg', join(out, 'favicon.svg'));
await writeFile(join(out, 'LICENSES.txt'), await licences(Object.keys(metafile.inputs)));

/** The licence of every package that a file of the bundle came from, each with its text. */
async function licences(inputs) {
  const packages = new Set(inputs.flatMap((path) => /node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? []));
  const parts = await Promise.all([...packages].sort().map(licence));
  return `The studio's pages contain parts of the packages below, each under its own licence.\n\n${parts.join('\n')}`;
}

async function licence(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
  const file = (await readdir(folder)).sort().find((each) => /^licen[cs]e(\.|$)/i.test(each));
  if (!license || !file) throw new Error(`${name} has no licence that could be shipped`);
  const text = (await readFile(join(folder, file), 'utf8')).replaceAll('\r\n', '\n').trim();
  const rule = '='.repeat(80);
  return `${rule}\n${name} ${version}: ${license}\n${rule}\n\n${text}\n`;
}
