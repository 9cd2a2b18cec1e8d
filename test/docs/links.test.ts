import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  anchorsOf,
  codeSpansOf,
  documentation,
  fencesOf,
  linksOf,
  markdownFiles,
  readMarkdown,
} from '../support/markdown.ts';

const root = resolve(import.meta.dirname, '../..');
const isOutside = (link: string) => /^[a-z]+:/.test(link);

/** Why a link leads nowhere; undefined when it leads somewhere. */
function broken(file: string, link: string): string | undefined {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? file : relative(root, resolve(root, dirname(file), path));
  if (target.startsWith('..')) return `${link} leaves the project`;
  if (!existsSync(join(root, target))) return `${link}: there is no ${target}`;
  if (anchor === undefined) return undefined;
  const known = target.endsWith('.md') ? anchorsOf(readMarkdown(target)) : [];
  return known.includes(anchor) ? undefined : `${link}: ${target} has no heading for #${anchor}`;
}

describe.each(markdownFiles)('%s', (file) => {
  const markdown = readMarkdown(file);

  test('has only relative links that lead to a file and to one of its headings', () => {
    const links = linksOf(markdown).filter((link) => !isOutside(link));
    expect(links.flatMap((link) => broken(file, link) ?? [])).toEqual([]);
  });

  test('names only files of the project that are there', () => {
    const paths = codeSpansOf(markdown).filter((span) =>
      /^(?:src|test|docs|recipes|toolchains|bench|schema)\/[\w./-]*$/.test(span),
    );
    expect(paths.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  });

  test('names only npm scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...markdown.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, name = '']) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('closes every code block', () => {
    expect((markdown.match(/^```/gm) ?? []).length).toBe(2 * fencesOf(markdown).length);
  });
});

test('every document that a person reads is reached from the README', () => {
  const reached = new Set<string>();
  const follow = (file: string) => {
    if (reached.has(file) || !file.endsWith('.md')) return;
    reached.add(file);
    const links = linksOf(readMarkdown(file)).filter((link) => !isOutside(link));
    for (const link of links) {
      const [path = ''] = link.split('#');
      const target = path === '' ? file : relative(root, resolve(root, dirname(file), path));
      if (statSync(join(root, target)).isFile()) follow(target);
    }
  };
  follow('README.md');
  expect(documentation.filter((file) => !reached.has(file))).toEqual([]);
});

test('code blocks are of a kind that a test runs, builds or may leave', () => {
  // `text` is drawn or said; a block without a language is in docs that have a test of their own.
  const kinds = ['console', 'sh', 'yaml', 'c', 'text', ''];
  for (const file of documentation) {
    for (const { language, text } of fencesOf(readMarkdown(file))) {
      expect(kinds, `${file}: ${text.slice(0, 60)}`).toContain(language);
    }
  }
});
