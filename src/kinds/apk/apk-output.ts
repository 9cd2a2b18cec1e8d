import { MkbaseError } from '../../base/errors.ts';
import type { NamedApk } from '../../packages/apk/find-apks.ts';

/**
 * The line that apk prints for each package that it installs, or would (print_change in its commit.c); apk 3
 * pads the numbers.
 */
const line =
  /^\( *(\d+)\/(\d+)\) (Installing|Upgrading|Downgrading|Replacing|Reinstalling|Purging) (\S+) \((?:\S+ -> )?(\S+)\)$/;

const garbled = (words: string, problem: string) =>
  new MkbaseError({
    code: 'BUILD_FAILED',
    message: `apk's answer cannot be understood: ${problem}.\n${words}`,
    hint: 'This apk speaks another way than those that mkbase knows; report it with the release of Alpine.',
  });

/**
 * Reads the packages that apk would bring in out of what it printed: each line is numbered, so that none can
 * be missed. Throws BUILD_FAILED for an answer in other words.
 */
export function chosenIn(words: string): NamedApk[] {
  const numbered = words.split('\n').filter((each) => /^\(\s*\d+\/\d+\) /.test(each));
  const chosen: NamedApk[] = [];
  for (const [at, each] of numbered.entries()) {
    const [match, number, total, what, name = '', version = ''] = line.exec(each) ?? [];
    if (match === undefined) throw garbled(words, `the line ${JSON.stringify(each)}`);
    if (Number(number) !== at + 1 || Number(total) !== numbered.length) {
      throw garbled(words, `there are ${numbered.length} of ${total} lines`);
    }
    if (what !== 'Purging') chosen.push({ name, version });
  }
  return chosen;
}
