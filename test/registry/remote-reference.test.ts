import { expect, test } from 'vitest';
import {
  isLoopback,
  namesRegistry,
  parseRemote,
  remoteName,
} from '../../src/registry/remote-reference.ts';

const digest = `sha256:${'a'.repeat(64)}`;

test.each([
  ['alpine', { domain: 'docker.io', path: 'library/alpine', tag: 'latest' }],
  ['me/app:1', { domain: 'docker.io', path: 'me/app', tag: '1' }],
  ['index.docker.io/app', { domain: 'docker.io', path: 'library/app', tag: 'latest' }],
  ['127.0.0.1:5000/a/b/c', { domain: '127.0.0.1:5000', path: 'a/b/c', tag: 'latest' }],
  ['[::1]:5000/a:t', { domain: '[::1]:5000', path: 'a', tag: 't' }],
  ['localhost/a', { domain: 'localhost', path: 'a', tag: 'latest' }],
  [`r.example/a@${digest}`, { domain: 'r.example', path: 'a', digest }],
  [`r.example/a:t@${digest}`, { domain: 'r.example', path: 'a', tag: 't', digest }],
])('%s is read as docker reads it', (text, expected) => {
  expect(parseRemote(text)).toEqual(expected);
});

test.each([
  'r.example/UPPER',
  'r.example/a:',
  'r.example/a@sha512:00',
  'r.example/a@sha256:short',
  'r.example/../a',
  'r_example:x/a',
  'r.example/a:b:c',
  `r.example/${'a'.repeat(256)}`,
  'r.example:5000:1/a',
  '',
])('%j is refused', (text) => {
  expect(() => parseRemote(text)).toThrowError(expect.objectContaining({ code: 'USAGE' }));
});

test('a reference is written as it was read', () => {
  for (const text of ['r.example/a:t', `r.example/a@${digest}`, `127.0.0.1:1/b:t@${digest}`]) {
    expect(remoteName(parseRemote(text))).toBe(text);
  }
});

test.each([
  ['hello', false],
  ['me/hello:1', false],
  ['mkbase-out/hello', false],
  ['r.example/hello', true],
  ['localhost:5000/x', true],
  ['./folder/x', false],
  ['../x.y/z', false],
])('%s means a registry: %s', (word, expected) => {
  expect(namesRegistry(word)).toBe(expected);
});

test('only names of this machine are on loopback', () => {
  for (const each of ['localhost', 'localhost:5000', '127.0.0.1:1', '127.3.2.1', '[::1]:5000']) {
    expect(isLoopback(each)).toBe(true);
  }
  for (const each of ['127.0.0.1.example', 'localhost.example:5000', '10.0.0.1', '128.0.0.1']) {
    expect(isLoopback(each)).toBe(false);
  }
});
