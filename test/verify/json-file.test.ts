import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { canonicalJson } from '../../src/base/canonical-json.ts';
import { parseJson } from '../../src/verify/json-file.ts';

describe('parseJson', () => {
  test.each([
    ['{"manifests":[1],"manifests":[2]}', 'manifests', 'twice'],
    ['{"a":{"b":1,"c":[{"d":1,"d":2}]}}', 'a.c.0.d', 'twice'],
    ['{"a":1,"\\u0061":2}', 'a', 'twice'],
    ['{"__proto__":1,"__proto__":2}', '__proto__', 'twice'],
    ['{"manifests":[1],"Manifests":[2]}', 'Manifests', '"manifests" by case only'],
    ['{"config":{"User":"app","user":"root"}}', 'config.user', '"User" by case only'],
    ['{"of":[{"layers":1,"LAYERS":2}]}', 'of.0.LAYERS', '"layers" by case only'],
    ['{"digest":1,"dige\u017ft":2}', 'dige\u017ft', 'by case only'],
    ['{"k":1,"\u212a":2}', '\u212a', 'by case only'],
  ])('refuses what engines would read otherwise in %s', (text, field, words) => {
    const { value, mismatches } = parseJson('index.json', text, false);
    expect(value).toBeUndefined();
    expect(mismatches).toEqual([
      expect.objectContaining({ field, claimed: expect.stringContaining(words) }),
    ]);
  });

  test.each([
    '{"config":{"Labels":{"Team":"a","team":"b"}}}',
    '{"annotations":{"A":"1","a":"2"}}',
    '{"a":"b\\": c","d":":","e\\"":{}}',
    '{"a":["x:y",{"a":1}],"b":{"a":{}}}',
    '{"a":["x",":"],"b":"\\\\","c":1}',
  ])('takes %s', (text) => {
    expect(parseJson('index.json', text, false).mismatches).toEqual([]);
  });

  test('takes any object in its one form, and in no other where that is asked for', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const text = canonicalJson(value);
        expect(parseJson('lock.json', text, true).mismatches).toEqual([]);
        expect(parseJson('lock.json', `${text} `, true).mismatches).toHaveLength(1);
      }),
    );
  });
});
