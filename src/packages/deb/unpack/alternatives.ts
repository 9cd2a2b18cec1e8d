import type { ByteString } from '../../../base/byte-string.ts';
import type { Entry } from '../../../tar/entry.ts';
import { rootLink } from '../../../tar/root-entry.ts';
import { mergedPath } from './usr-merge.ts';

/** A choice that a package's script registers with update-alternatives(1). */
interface Alternative {
  /** Path of the link. */
  readonly link: ByteString;
  /** Name of the choice in /etc/alternatives. */
  readonly name: ByteString;
  readonly path: ByteString;
}

/** An alternative, and the links that follow it. */
interface Registered extends Alternative {
  readonly priority: number;
  readonly slaves: readonly Alternative[];
}

const plainWord = /^[A-Za-z0-9/._+-]+$/;

/**
 * Returns a script with the values of variables that it sets once, to a plain word: the
 * scripts of automake and others name their version so.
 */
function withConstants(script: string): string {
  const values = new Map<string, string | undefined>();
  for (const [, name = '', value] of script.matchAll(/^\s*([A-Za-z_]\w*)=(.*)$/gm)) {
    values.set(name, values.has(name) || !plainWord.test(value ?? '') ? undefined : value);
  }
  return script.replace(
    /\$(?:\{(\w+)\}|(\w+))/g,
    (whole, braced, bare) => values.get(braced ?? bare) ?? whole,
  );
}

/** Returns the words of each call in a script, up to the first that a shell would have to work out. */
function callsIn(text: string): string[][] {
  const script = withConstants(text);
  const lines = script.replace(/\\\r?\n/g, ' ').split('\n');
  return lines.flatMap((line) => {
    const [, called] = /^\s*update-alternatives\s+(.*)$/.exec(line) ?? [];
    if (called === undefined) return [];
    const words = called.trim().split(/\s+/);
    const end = words.findIndex((word) => !plainWord.test(word));
    return [end === -1 ? words : words.slice(0, end)];
  });
}

const relative = (path: string): ByteString => mergedPath(path.replace(/^\/+/, ''));

function registered(words: readonly string[]): Registered | undefined {
  const at = words.indexOf('--install');
  const [link = '', name = '', path = '', priority = ''] = words.slice(at + 1);
  if (at === -1 || !link.startsWith('/') || !path.startsWith('/')) return undefined;
  const slaves = words.flatMap((word, index) => {
    const [link = '', name = '', path = ''] = words.slice(index + 1);
    const isWhole = word === '--slave' && link.startsWith('/') && path.startsWith('/');
    return isWhole ? [{ link: relative(link), name, path: relative(path) }] : [];
  });
  return {
    ...{ link: relative(link), name, path: relative(path) },
    priority: Number(priority),
    slaves,
  };
}

/** Returns of each name the choice of the highest priority, as update-alternatives chooses; then the first. */
function chosen(all: readonly Registered[]): Registered[] {
  const byName = new Map<ByteString, Registered>();
  for (const each of all) {
    const before = byName.get(each.name);
    if (before === undefined || each.priority > before.priority) byName.set(each.name, each);
  }
  return [...byName.values()];
}

/** Manual pages and the like follow their program, and say nothing that it does not. */
const isWanted = ({ link }: Alternative) => !link.startsWith('usr/share/');

/**
 * Returns the links that update-alternatives would make, were the packages configured: read out of their
 * scripts, which are not run. `has` says which paths there are; a link whose target is none, or whose path
 * is taken, is not made.
 */
export function alternativeLinks(
  scripts: readonly (Buffer | undefined)[],
  has: (path: ByteString) => boolean,
  mtime: number,
): Entry[] {
  const all = scripts.flatMap((script) => callsIn(script?.toString('latin1') ?? ''));
  const known = all.map(registered).filter((each) => each !== undefined && has(each.path));
  const wanted = chosen(known as Registered[]).flatMap((each) => [each, ...each.slaves]);
  const made = new Map<ByteString, Entry>();
  for (const each of wanted.filter(isWanted)) {
    const { link, name, path } = each;
    const choice = `etc/alternatives/${name}`;
    if (name.includes('/') || !has(path) || [link, choice].some((one) => has(one) || made.has(one)))
      continue;
    made.set(link, rootLink(link, `/${choice}`, mtime));
    made.set(choice, rootLink(choice, `/${path}`, mtime));
  }
  return [...made.values()];
}
