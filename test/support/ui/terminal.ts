/** A control sequence (ECMA-48), a control character, or a run of text. */
const token = /\p{Cc}\[([0-9;?]*)([A-Za-z])|[\r\n]|\P{Cc}+/gu;

/**
 * What a terminal shows after it was sent `output`: just enough of one for a list that is redrawn in
 * place. Colours are dropped. Fails on any sequence that it does not know.
 */
export function screenAfter(output: string): { lines: string[]; cursorShown: boolean } {
  const lines = [''];
  let row = 0;
  let column = 0;
  let cursorShown = true;
  const obey = (parameters: string, command: string) => {
    const count = Number(parameters) || 1;
    if (command === 'A') row = Math.max(0, row - count);
    else if (command === 'G') column = count - 1;
    else if (command === 'K') lines[row] = '';
    else if (parameters === '?25') cursorShown = command === 'h';
    else if (command !== 'm') throw new Error(`unknown sequence: CSI ${parameters}${command}`);
  };
  const print = (text: string) => {
    const line = [...(lines[row] ?? '').padEnd(column)];
    line.splice(column, text.length, ...text);
    lines[row] = line.join('');
    column += [...text].length;
  };
  for (const [text, parameters = '', command] of output.matchAll(token)) {
    if (command !== undefined) obey(parameters, command);
    else if (text === '\r') column = 0;
    else if (text === '\n') {
      row += 1;
      lines[row] ??= '';
    } else print(text);
  }
  return { lines: lines.map((line) => line.trimEnd()), cursorShown };
}
