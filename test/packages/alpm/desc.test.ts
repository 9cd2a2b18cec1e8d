import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parseDesc, writeDesc } from '../../../src/packages/alpm/desc.ts';

test('a desc has fields of several lines', () => {
  const text = '%NAME%\nbash\n\n%DEPENDS%\nglibc>=2.40\nreadline\n\n';
  expect([...parseDesc(text)]).toEqual([
    ['NAME', ['bash']],
    ['DEPENDS', ['glibc>=2.40', 'readline']],
  ]);
});

test('an empty field is there, and has no lines', () => {
  expect(parseDesc('%GROUPS%\n\n%NAME%\nx\n').get('GROUPS')).toEqual([]);
});

test.each([
  ['bash\n', 'stands under no %KEY%'],
  ['%NAME%\na\n\n%NAME%\nb\n', '%NAME% stands there twice'],
])('%j is refused', (text, problem) => {
  expect(() => parseDesc(text)).toThrow(SyntaxError);
  expect(() => parseDesc(text)).toThrow(problem);
});

const key = fc.stringMatching(/^[A-Z][A-Z0-9]{0,10}$/);
const line = fc.stringMatching(/^[ -$&-~][ -~]{0,40}$/).filter((each) => each.trim() !== '');

test('whatever is written is read again', () => {
  const fields = fc.uniqueArray(fc.tuple(key, fc.array(line, { minLength: 1, maxLength: 5 })), {
    selector: ([name]) => name,
  });
  fc.assert(
    fc.property(fields, (wanted) => {
      expect([...parseDesc(writeDesc(wanted))]).toEqual(wanted);
    }),
  );
});

test('a line that would end its field is left out, and no key comes of what follows it', () => {
  const lines = ['', '%FILENAME%', ' ', 'evil\n\n%SHA256SUM%\nff', 'glibc'];
  const written = writeDesc([
    ['DEPENDS', lines],
    ['GROUPS', ['\t']],
    ['NAME', ['bash']],
  ]);
  expect([...parseDesc(written)]).toEqual([
    ['DEPENDS', ['glibc']],
    ['NAME', ['bash']],
  ]);
});

test('any text is read, or refused by a SyntaxError', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('%', 'A', '\n', 'x', ' ') }), (text) => {
      try {
        parseDesc(text);
      } catch (error) {
        expect(error).toBeInstanceOf(SyntaxError);
      }
    }),
  );
});
