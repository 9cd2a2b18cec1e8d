import { describe, expect, test } from 'vitest';
import { keys } from '../../src/commands/keys.ts';
import { createContext } from '../support/ui/context.ts';

/** Runs the command at a time; resolves to what it prints. */
async function listed(at: string, options: { readonly json?: true } = {}): Promise<string> {
  const clock = () => Date.parse(at);
  const context = { ...createContext(), clock };
  expect(await keys(options, context)).toBe(0);
  return context.stdout.text();
}

interface Listing {
  readonly now: string;
  readonly keyrings: readonly {
    readonly distribution: string;
    readonly keys: readonly { readonly fingerprint: string; readonly state: string }[];
  }[];
}

const statesAt = async (at: string) => {
  const { now, keyrings } = JSON.parse(await listed(at, { json: true })) as Listing;
  expect(now).toBe(new Date(at).toISOString());
  const states = keyrings.flatMap((keyring) => keyring.keys.map(({ state }) => state));
  return [...new Set(states)].sort();
};

describe('mkbase keys', () => {
  test('shows every key with its source and how long it is good', async () => {
    const text = await listed('2026-06-01T00:00:00Z');
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(95);
    await expect(text).toMatchFileSnapshot('../golden/ui/keys.txt');
  });

  test('goes by the clock of this machine', async () => {
    expect(await statesAt('2026-06-01T00:00:00Z')).toEqual(['good']);
    expect(await statesAt('2033-06-01T00:00:00Z')).toEqual(['expired', 'good']);
    expect(await statesAt('2024-06-01T00:00:00Z')).toEqual(['future', 'good']);
    const text = await listed('2033-06-01T00:00:00Z');
    expect(text).toContain('expired on 2031-01-19  Debian Archive Automatic Signing Key (12');
    expect(await listed('2024-06-01T00:00:00Z')).toContain('good from 2025-03-30');
  });
});
