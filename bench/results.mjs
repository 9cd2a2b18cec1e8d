// Results on disk: a file of JSON for each form, which holds for the sources that were measured.
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { cpus, release, totalmem } from 'node:os';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '..');
export const folder = join(import.meta.dirname, 'results');

/** Lists what a number depends on in the project; numbers of other sources are not mixed with these. */
const measured = ['src', 'recipes', 'toolchains', 'package-lock.json'];

const git = (...words) => execFileSync('git', words, { cwd: root, encoding: 'utf8' }).trim();

/** Says which sources are measured: ids of git's trees, and a note where files differ from them. */
function sourcesNow() {
  const ids = measured.map((path) => git('rev-parse', '--short=10', `HEAD:${path}`));
  const changed = git('status', '--porcelain', '--', ...measured) !== '';
  return `${ids.join(' ')}${changed ? ' and uncommitted changes' : ''}`;
}

const fileOf = (name) => join(folder, `${name}.json`);

/** Returns what is kept of a form; undefined where that is nothing. */
export function keptResult(name) {
  try {
    return JSON.parse(readFileSync(fileOf(name), 'utf8'));
  } catch (error) {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** Returns the turns that were measured of the sources as they stand. */
export function keptTurns(name) {
  const kept = keptResult(name);
  return kept?.sources === sourcesNow() ? kept.turns : [];
}

const machine = () => {
  const memory = `${Math.round(totalmem() / 1024 ** 3)} GiB`;
  return `${cpus().length} × ${cpus()[0].model.trim()}, ${memory}, Linux ${release()}, Node ${process.version}`;
};

/** Writes all turns of a form, whole or not at all. */
export function keepTurns(name, result) {
  mkdirSync(folder, { recursive: true });
  const about = { date: new Date().toISOString(), machine: machine(), sources: sourcesNow() };
  const text = JSON.stringify({ ...result, ...about }, null, 2);
  writeFileSync(`${fileOf(name)}.new`, `${text}\n`);
  renameSync(`${fileOf(name)}.new`, fileOf(name));
}
