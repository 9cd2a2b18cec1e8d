import { MkbaseError } from '../../base/errors.ts';
import type { Entry } from '../../tar/entry.ts';
import { fileAt, readAt } from './output.ts';

/** Below `out/`: a line for each object that was compiled for the processor of the machine at hand. */
const recordFile = 'native';

/**
 * Stands in the assembler's place, which gcc calls with all that it was asked for in its environment
 * (COLLECT_GCC_OPTIONS), each option in single quotes.
 */
export const assembler = (target: string | undefined): string => `#!/bin/sh
case " $COLLECT_GCC_OPTIONS " in
  *"-march=native'"* | *"-mtune=native'"* | *"-mcpu=native'"*)
    object=a.out next=
    for word do
      if [ "$next" ]; then object=$word next=; fi
      case $word in -o) next=1 ;; esac
    done
    printf '%s\\n' "$object" >>"\${0%/*}/../out/${recordFile}" ;;
esac
exec /usr/bin/${target === undefined ? 'as' : `${target}-as`} "$@"
`;

/** Objects that build systems compile to try the compiler, and never link into a program. */
const trial = /(?:^|\/)(?:conftest|cmTC_|CMakeFiles\/(?:CMakeTmp|CMakeScratch)|meson-private)/;

/** Far more than the names of the objects of a large program; the build may be hostile. */
const largestRecord = 1024 ** 2;

/**
 * Checks that a build compiled nothing for the processor that it happened to run on. Throws BUILD_OUTPUT
 * naming the first such object.
 */
export async function refuseNativeCode(built: readonly Entry[]): Promise<void> {
  const record = fileAt(built, recordFile);
  if (record === undefined) return;
  const text = (await readAt(record, 0, Math.min(record.size, largestRecord))).toString('utf8');
  const objects = text.split('\n').filter((line) => line !== '' && !trial.test(line));
  const [first] = objects;
  if (first === undefined) return;
  const more = objects.length > 1 ? ` and ${objects.length - 1} more` : '';
  throw new MkbaseError({
    code: 'BUILD_OUTPUT',
    message: `The build compiled ${first}${more} for the processor of this machine (-march=native or the like): elsewhere the program may not run, and its digest would be another one.`,
    hint: 'Turn that off in the build: many have an option such as --disable-native, NATIVE=OFF or an empty ARCHFLAGS. Name the processor that is meant in `flags`, for instance -march=x86-64-v2.',
  });
}
