import { describe, expect, test } from 'vitest';
import { failedScriptlets, refuseFailed } from '../../../src/kinds/rpm/rpm-words.ts';

describe('the words of rpm', () => {
  test.each([
    ['warning: %post(a-1.0-1.x86_64) scriptlet failed, exit status 3', '%post', 'a-1.0-1.x86_64'],
    ['error: %prein(a-1.0-1.noarch) scriptlet failed, exit status 1', '%pre', 'a-1.0-1.noarch'],
    [
      'warning: %triggerin(b-2-3.noarch) scriptlet failed, exit status 1',
      '%triggerin',
      'b-2-3.noarch',
    ],
    [
      'error: lua script failed: [string "%post(c-1.0-1.noarch)"]:1: nothing to be done',
      '%post',
      'c-1.0-1.noarch',
    ],
  ])('name a scriptlet that failed: %s', (line, scriptlet, name) => {
    const words = `some output\n${line}\nmore output`;
    expect(failedScriptlets(words)).toEqual([{ scriptlet, package: name, line }]);
    expect(() => refuseFailed(words, '0')).toThrow(`The ${scriptlet} scriptlet of ${name} failed`);
  });

  test.each([
    ['warning: %post(a-1.0-1.x86_64) scriptlet failed, exit status 3', '%post'],
    ['error: lua script failed: [string "%pre(a-1.0-1.x86_64)"]:1: no', '%pre'],
  ])('name it behind what it printed without a newline: %s', (words, scriptlet) => {
    const line = `half a line${words}`;
    const found = { scriptlet, package: 'a-1.0-1.x86_64', line };
    expect(failedScriptlets(`begin\n${line}\nmore`)).toEqual([found]);
  });

  test('are no fault where a scriptlet only says that something failed', () => {
    expect(failedScriptlets('the scriptlet failed once, and then not\n')).toEqual([]);
    expect(() => refuseFailed('warning: a file was made as .rpmnew\n', '0')).not.toThrow();
  });

  test('end the build with what rpm said last where rpm itself fails', () => {
    const words = 'error: Failed dependencies:\n\tlibx.so is needed by a-1.0-1.x86_64\n';
    expect(() => refuseFailed(words, '1')).toThrow(/exit status 1.*libx\.so is needed by a/s);
  });
});
