import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ambiguityIn } from '../../src/base/unambiguous-json.ts';
import { python } from '../support/tar.ts';

describe('ambiguityIn', () => {
  test.each([
    ['{"a":1,"a":2}', 'a', 'twice'],
    ['{"a":{"b":[0,{"c":1,"c":1}]}}', 'a.b.1.c', 'twice'],
    ['{"a":1,"\\u0061":2}', 'a', 'twice'],
    ['{"Cmd":1,"cmd":2}', 'cmd', 'case'],
    ['{"links":1,"lin\u212as":2}', 'lin\u212as', 'case'],
    ['{"os":1,"o\u017f":2}', 'o\u017f', 'case'],
    ['{"Labels":{"a":1,"a":2}}', 'Labels.a', 'twice'],
    ['["\\ud800"]', '0', 'surrogate'],
    ['{"\\udc00":1}', '', 'surrogate'],
    [`${'['.repeat(65)}${']'.repeat(65)}`, `${'0.'.repeat(63)}0`, 'deeply'],
  ])('finds the place in %s', (text, field, problem) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(ambiguityIn(text)).toEqual({ field, problem: expect.stringContaining(problem) });
  });

  test.each([
    '{"a":{"b":1},"c":{"b":1}}',
    '[{"a":1},{"a":1}]',
    '{"Labels":{"a":1,"A":2}}',
    '{"annotations":{"K":1,"k":2}}',
    '{"a":"a\\"b\\\\","b":"{,:"}',
    '"\\ud83d\\udca1"',
    '{"a":"a","b":"a"}',
  ])('finds none in %s', (text) => {
    expect(ambiguityIn(text)).toBeUndefined();
  });

  test('finds none in what JSON.stringify writes, where no key differs by case only', () => {
    fc.assert(
      fc.property(fc.json({ depthSize: 'large' }), (text) => {
        const keys = (value: unknown): boolean =>
          typeof value !== 'object' ||
          value === null ||
          (new Set(Object.keys(value).map((key) => key.toUpperCase().toLowerCase())).size ===
            Object.keys(value).length &&
            Object.values(value).every(keys));
        const value: unknown = JSON.parse(text);
        fc.pre(keys(value));
        expect(ambiguityIn(JSON.stringify(value))).toBeUndefined();
      }),
    );
  });

  test("agrees with Python's json on which texts have a key twice", () => {
    const key = fc.constantFrom('a', 'b', '\\u0061', 'c\\"', '[', '}');
    const node = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom('1', '"a"', 'null', '"}"', '"\\\\"'),
        fc.array(tie('value'), { maxLength: 3 }).map((all) => `[${all.join(',')}]`),
        fc
          .array(fc.tuple(key, tie('value')), { maxLength: 3 })
          .map((all) => `{${all.map(([name, value]) => `"${name}" : ${value}`).join(' , ')}}`),
      ),
    }));
    const texts = fc.sample(node.value, { numRuns: 300, seed: 1 });
    const script = `
import json, sys
def once(pairs):
    if len({k for k, _ in pairs}) < len(pairs): raise KeyError
    return 0
def twice(text):
    try: json.loads(text, object_pairs_hook=once)
    except KeyError: return True
    return False
print(json.dumps([twice(text) for text in json.load(sys.stdin)]))`;
    const expected = JSON.parse(python(script, texts).toString());
    expect(texts.map((text) => ambiguityIn(text) !== undefined)).toEqual(expected);
  });
});
