import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/** Folders that hold other people's Markdown, or none. */
const foreign = new Set(['node_modules', 'dist', 'mkbase-out']);

/** The project's Markdown files, relative to its top. */
export const markdownFiles: readonly string[] = readdirSync(root, {
  recursive: false,
  withFileTypes: true,
})
  .filter(({ name }) => !foreign.has(name) && (!name.startsWith('.') || name === '.github'))
  .flatMap((entry) =>
    entry.isDirectory()
      ? readdirSync(join(root, entry.name), { recursive: true, encoding: 'utf8' }).map((path) =>
          join(entry.name, path),
        )
      : [entry.name],
  )
  .filter((path) => path.endsWith('.md'))
  .sort();

/** Those that a person who uses mkbase reads: everything shown in them is run. */
export const documentation: readonly string[] = markdownFiles.filter((path) =>
  /^(?:README\.md|docs\/.*)$/.test(path),
);

export const readMarkdown = (path: string): string => readFileSync(join(root, path), 'utf8');

/** A fenced code block. */
export interface Fence {
  /** What stands after the opening fence, for instance `sh`; empty for none. */
  readonly language: string;
  readonly text: string;
  /** The last heading before it. */
  readonly section: string;
}

/** The fenced code blocks of a document, in order. Fences are three backticks, never indented. */
export function fencesOf(markdown: string): Fence[] {
  const blocks = markdown.matchAll(
    /^#+ (?<section>[^\n]*)$|^```(?<language>[^\n]*)\n(?<text>.*?)^```$/gms,
  );
  const fences: Fence[] = [];
  let section = '';
  for (const { groups = {} } of blocks) {
    if (groups.section !== undefined) section = groups.section;
    else fences.push({ language: groups.language ?? '', text: groups.text ?? '', section });
  }
  return fences;
}

/** A document without its fenced code blocks. */
export const proseOf = (markdown: string): string => markdown.replace(/^```.*?^```$/gms, '');

/** What the links of a document point to, as it is written. */
export function linksOf(markdown: string): string[] {
  const prose = proseOf(markdown).replace(/`[^`\n]*`/g, '');
  return [...prose.matchAll(/\]\((?<target>[^()\s]+)\)/g)].map(
    ({ groups }) => groups?.target ?? '',
  );
}

/** The anchors that GitHub makes of a document's headings. */
export function anchorsOf(markdown: string): string[] {
  const headings = [...proseOf(markdown).matchAll(/^#+ (.*)$/gm)].map(([, text = '']) => text);
  return headings.map((text) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The words between single backticks. */
export function codeSpansOf(markdown: string): string[] {
  return [...proseOf(markdown).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text);
}

/** One command of a `console` block and what it prints. */
export interface Exchange {
  readonly command: string;
  readonly output: string;
}

/** The commands (`$ …`) of a `console` block, each with the lines that follow it. */
export function exchangesOf(text: string): Exchange[] {
  return text
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n');
      return { command: part.slice(0, end), output: part.slice(end + 1) };
    });
}
