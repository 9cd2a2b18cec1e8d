import { expect, test } from 'vitest';
import { createPalette } from '../../src/ui/color.ts';
import { table } from '../../src/ui/table.ts';

const layout = { columns: 50, palette: createPalette(false) };

test('columns are aligned and the last one is wrapped below itself', () => {
  const rows = [
    ['hello', 'static', 'The smallest image: one static program that greets.'],
    ['distroless-cc', 'debs', ''],
  ];
  expect(table(['RECIPE', 'KIND', 'DESCRIPTION'], rows, layout)).toBe(
    [
      'RECIPE         KIND    DESCRIPTION',
      'hello          static  The smallest image: one',
      '                       static program that greets.',
      'distroless-cc  debs',
      '',
    ].join('\n'),
  );
});
