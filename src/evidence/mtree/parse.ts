import { rootLine, signature } from './mtree.ts';
import { parseLine } from './parse-line.ts';
import type { PathRecord } from './path-record.ts';

/** A line that cannot be believed. */
export interface BadLine {
  /** From 1. */
  readonly line: number;
  /** Continues a sentence whose subject is the line. */
  readonly problem: string;
}

export interface ParsedMtree {
  /** What the sound lines say, in their order. */
  readonly records: readonly PathRecord[];
  readonly bad: readonly BadLine[];
}

/**
 * Reads what `mtreeOf` writes and nothing else: a hostile or edited file gets no second reading. Each
 * line that is not in the one form is told; the others are read all the same. Never throws.
 */
export function parseMtree(text: string): ParsedMtree {
  const records = new Map<string, PathRecord>();
  const bad: BadLine[] = [];
  const lines = text.split('\n');
  if (lines.pop() !== '') bad.push({ line: lines.length + 1, problem: 'does not end' });
  const header = [signature, rootLine];
  for (const [at, expected] of header.entries()) {
    if (lines[at] !== expected) bad.push({ line: at + 1, problem: `is not "${expected}"` });
  }
  for (const [at, line] of lines.slice(header.length).entries()) {
    const record = parseLine(line);
    const number = at + header.length + 1;
    if (typeof record === 'string') bad.push({ line: number, problem: record });
    else if (records.has(record.path)) bad.push({ line: number, problem: 'repeats a path' });
    else records.set(record.path, record);
  }
  return { records: [...records.values()], bad };
}
