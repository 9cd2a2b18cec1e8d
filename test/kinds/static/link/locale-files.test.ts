import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linkWarnings } from '../../../../src/kinds/static/link/link-warnings.ts';
import { temporaryFolder } from '../../../support/folder.ts';

const source = `#include <iconv.h>
#include <locale.h>
#include <stdio.h>
static void tell(const char *name, int known) { printf("%s %s\\n", name, known ? "yes" : "no"); }
static void knows(const char *set) { tell(set, iconv_open("UCS-4", set) != (iconv_t)-1); }
int main(void) {
  tell("C", setlocale(LC_ALL, "C") != NULL);
  tell("C.UTF-8", setlocale(LC_ALL, "C.UTF-8") != NULL);
  knows("ASCII");
  knows("UTF-8");
  knows("ISO-8859-1");
  return 0;
}
`;

// chroot(8) gives the program a root without any file of glibc.
test.skipIf(process.getuid?.() !== 0)(
  'a static program of glibc alone in its image knows what the warning says, and nothing else',
  () => {
    const folder = temporaryFolder();
    writeFileSync(join(folder, 'a.c'), source);
    execFileSync('gcc', ['-static', '-o', join(folder, 'a'), join(folder, 'a.c')]);
    const told = execFileSync('chroot', [folder, '/a'], { encoding: 'utf8' });
    expect(told).toBe('C yes\nC.UTF-8 no\nASCII yes\nUTF-8 yes\nISO-8859-1 no\n');
    for (const name of ['setlocale', 'newlocale', 'iconv_open']) {
      const [warning] = linkWarnings([name]);
      expect(warning?.message).toContain(
        'only the C locale works, and iconv knows only ASCII, UTF-8 and UCS-4',
      );
    }
  },
);
