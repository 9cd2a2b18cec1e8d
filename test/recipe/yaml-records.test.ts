import { expect, test } from 'vitest';
import { yamlRecords } from '../../src/recipe/yaml-records.ts';

test('scalars are the text that stands in the file, whatever they look like', () => {
  const text =
    '---\n-\n  version: 3.20\n  build: 20240923\n  date: 2024-09-06\n  title: "1"\n  list: [a]\n- { a: b }\n';
  expect(yamlRecords(text).map((each) => Object.fromEntries(each))).toEqual([
    { version: '3.20', build: '20240923', date: '2024-09-06', title: '1' },
    { a: 'b' },
  ]);
});

test.each([
  ['no list', 'a: b\n'],
  ['a list of something else', '- a\n- b\n'],
  ['a field that is given twice', '- a: 1\n  a: 2\n'],
  ['an alias', '- &x { a: b }\n- *x\n'],
  ['no YAML', '<!doctype html>\n<a href="x">: {\n'],
  ['nothing', ''],
])('%s is refused', (_, text) => {
  expect(() => yamlRecords(text)).toThrow(SyntaxError);
});
