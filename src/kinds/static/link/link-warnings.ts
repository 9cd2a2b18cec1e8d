import type { Warning } from '../../../base/events.ts';
import { inSentence } from '../../../base/format.ts';

/** A group of C library functions that lose something in a static glibc program, and the advice. */
interface Rule {
  readonly code: string;
  readonly functions: RegExp;
  readonly why: string;
  readonly advice: string;
}

const localeRule: Rule = {
  code: 'static-locale',
  functions: /^(?:setlocale|newlocale|iconv_open)$/,
  why: 'looks for locale and gconv files at run time; without them only the C locale works, and iconv knows only ASCII, UTF-8 and UCS-4',
  advice:
    'Keep to the C locale, use toolchain gcc-musl, which has UTF-8 built in, or add the files under "files".',
};

const rules: readonly Rule[] = [
  {
    code: 'static-dlopen',
    functions: /^(?:dlopen|dlmopen)$/,
    why: 'loads shared objects at run time, which a scratch image does not hold',
    advice: 'Link the plug-in in, or build without plug-in support.',
  },
  localeRule,
  {
    code: 'static-nss',
    functions:
      /^(?:getaddrinfo|gethostby|getservby|getserv|getprotoby|getnetby|getpw|getgr|getsp|initgroups|setpwent|setgrent|endpwent|endgrent|getrpcby|getaliasby|innetgr)/,
    why: "finds names by the files in /etc and by DNS; for what /etc/nsswitch.conf names besides (since glibc 2.34; before, for all) it loads glibc's modules, in the very version it was linked with",
    advice: 'Nothing is to be done for files and DNS. For more, link it dynamically.',
  },
  {
    code: 'static-runtime-libraries',
    functions: /./,
    why: 'needs shared libraries of the linked glibc version at run time',
    advice: 'Use toolchain gcc-musl, or do without the function.',
  },
];

// As GNU ld prints it; the function's name stands in different quotes by version and locale.
const linkerLine =
  /warning: Using ['`‘]([A-Za-z0-9_]+)['’] in statically linked applications requires at runtime/;

const ruleOf = (name: string) => rules.find(({ functions }) => functions.test(name));

const warningFor = ({ code, why, advice }: Rule, names: readonly string[]): Warning => ({
  code,
  message: `The static program uses ${inSentence(names, 'and')}: it ${why}.`,
  advice,
});

/** Returns the function that a line of the linker's output warns about, if it is such a line. */
export function warnedFunction(line: string): string | undefined {
  return linkerLine.exec(line)?.[1];
}

/**
 * Finds locale functions that a program's own objects pulled out of libc.a, from GNU ld's link map
 * (`-Map`): lines `…/libc.a(member.o)` followed by `object (symbol)`. ld warns of NSS and dlopen
 * but not of locales; what libstdc++ pulls in without the program's asking is not counted.
 */
export function localeFunctions(linkMap: string, ownObjects: string): string[] {
  const pulled = /^\S*libc\.a\([^)]*\)\s+(\S+) \(([A-Za-z0-9_]+)\)$/gm;
  const symbols = [...linkMap.matchAll(pulled)]
    .filter(([, by]) => by?.startsWith(ownObjects))
    .map(([, , symbol = '']) => symbol);
  return [...new Set(symbols)].filter((symbol) => localeRule.functions.test(symbol)).sort();
}

/** Returns one warning for each sort of functions, with their names in order. */
export function linkWarnings(functions: Iterable<string>): Warning[] {
  const names = [...new Set(functions)].sort();
  return rules.flatMap((rule) => {
    const own = names.filter((name) => ruleOf(name) === rule);
    return own.length === 0 ? [] : [warningFor(rule, own)];
  });
}
