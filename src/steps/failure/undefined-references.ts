import { addLibrary, type Cause, type FailedBuild, takeGlibc } from './cause.ts';
import { packageOfLibrary } from './debian-packages.ts';

const mathematics =
  'acos acosh asin asinh atan atan2 atanh cbrt ceil copysign cos cosh erf erfc exp exp2 expm1 fabs fdim floor fma fmax fmin fmod frexp hypot ldexp lgamma llrint llround log log10 log1p log2 logb lrint lround modf nearbyint nextafter pow remainder rint round scalbn sin sincos sinh sqrt tan tanh tgamma trunc'.split(
    ' ',
  );

/** The libraries that hold a function, in the order of the link; the first pattern that matches counts. */
const holders: readonly (readonly [name: RegExp, libraries: readonly string[]])[] = [
  [new RegExp(`^(?:${mathematics.join('|')})[fl]?$`), ['m']],
  [/^__(?:atomic|sync)_/, ['atomic']],
  [/^(?:crypt|crypt_r|crypt_gensalt\w*)$/, ['crypt']],
  [
    /^(?:inflate|deflate|compress|compress2|uncompress|gz[a-z]+|zlibVersion|crc32|adler32)\w*$/,
    ['z'],
  ],
  [/^(?:SSL|TLS|DTLS|BIO_ssl)_?\w+$/, ['ssl', 'crypto']],
  [
    /^(?:EVP|BIO|RSA|X509|PEM|ERR|BN|HMAC|RAND|OPENSSL|EC|ASN1|SHA\d*|MD5|AES|CRYPTO)_\w+$/,
    ['crypto'],
  ],
  [/^curl_/, ['curl']],
  [/^sqlite3_/, ['sqlite3']],
  [/^(?:tget\w+|tputs|tparm|tiget\w+|setupterm|cur_term|del_curterm)$/, ['tinfo']],
  [
    /^(?:initscr|endwin|stdscr|curs_set|cbreak|noecho|getmaxyx|[mv]?w?(?:addch|addstr|printw|getch|refresh|clear|move|erase)|newwin|delwin|keypad|start_color|init_pair|waddnstr|wgetch|LINES|COLS)$/,
    ['ncurses', 'tinfo'],
  ],
  [/^(?:readline|add_history|rl_\w+|using_history)$/, ['readline', 'tinfo']],
  [/^XML_/, ['expat']],
  [/^xml[A-Z]\w+$/, ['xml2']],
  [/^png_/, ['png', 'z']],
  [/^jpeg_/, ['jpeg']],
  [/^BZ2_/, ['bz2']],
  [/^lzma_/, ['lzma']],
  [/^ZSTD_/, ['zstd']],
  [/^LZ4/, ['lz4']],
  [/^uuid_/, ['uuid']],
  [/^pcre2_\w+_8$/, ['pcre2-8']],
  [/^cap_/, ['cap']],
  [/^yaml_/, ['yaml']],
  [/^json_/, ['jansson']],
  [/^event_|^evbuffer_|^bufferevent_/, ['event']],
  [/^uv_/, ['uv_a']],
  [/^pcap_/, ['pcap']],
  [/^__?gmp[znqf]?_/, ['gmp']],
  [/^sodium_|^crypto_\w+box/, ['sodium']],
  [/^archive_(?:read|write|entry)_/, ['archive']],
  [/^FT_/, ['freetype']],
];

/** Functions of glibc that musl leaves out. */
const onlyGlibc =
  /^(?:backtrace\w*|error|error_at_line|argp_\w+|obstack_\w+|_obstack_\w+|qsort_s|__fpending64|mcheck|mallinfo2?|malloc_info|gnu_get_libc_version|canonicalize_file_name|rpmatch|getprotobynumber_r|putpwent_r|envz_\w+|argz_\w+|parse_printf_format|register_printf_\w+|__libc_start_call_main|strfry|pthread_\w+_clock\w+|sigstack|fcloseall|glob_pattern_p|printf_size\w*|res_n\w+|__res_n\w+|getaddrinfo_a|mtrace)$/;

/** Tells what to do without a function that only glibc has; undefined if musl has it, or may have it. */
export function cureOnlyGlibc(name: string, { libc, toolchain }: FailedBuild): string | undefined {
  if (libc !== 'musl' || !onlyGlibc.test(name)) return undefined;
  return `${name} is a function of glibc, which ${toolchain} does not have. ${takeGlibc}, or leave its use out: many builds have an option for that.`;
}

/** Names that only glibc's headers make of others: what asks for them was compiled for glibc. */
const compiledForGlibc =
  /^(?:__\w+_chk|__isoc(?:99|23)_\w+|__xstat\w*|__fxstat\w*|__lxstat\w*|__ctype_\w+_loc|__strdup|__errno_location_r|_dl_\w+)$/;

const ofCxx =
  /^(?:operator (?:new|delete)|std::|__gxx_personality|__cxa_|vtable for |typeinfo for )/;

function cureCxx({ libc, toolchain }: FailedBuild): string {
  if (libc !== 'glibc') {
    return `That is of the standard library of C++, which ${toolchain} does not have. ${takeGlibc}.`;
  }
  return 'That is of the standard library of C++: let the build link with $CXX instead of $CC, or add -lstdc++ at the end.';
}

function cureMissing(libraries: readonly string[], name: string, build: FailedBuild): string {
  const flags = libraries.map((library) => `-l${library}`).join(' ');
  const how = build.compiles
    ? `Add \`libs: [${libraries.join(', ')}]\`.`
    : `Add ${flags} at the end of the link, after the objects: many builds take it from LIBS or LDLIBS, for instance \`[make, "LIBS=${flags}"]\`.`;
  const found = packageOfLibrary(libraries[0] ?? '');
  const absent = found !== undefined && !build.packages.includes(found.name);
  const added = absent
    ? ` It is in Debian's package ${found.name}. ${addLibrary(build, found.name)}`
    : '';
  return `${name} is in lib${libraries[0]}. ${how}${added}`;
}

function cureReference(name: string, build: FailedBuild): string | undefined {
  if (ofCxx.test(name)) return cureCxx(build);
  if (build.libc === 'musl' && compiledForGlibc.test(name)) {
    return `Only code that was compiled for glibc asks for ${name}: a library of Debian's does not fit ${build.toolchain}. ${takeGlibc}, or build the library from its source.`;
  }
  const without = cureOnlyGlibc(name, build);
  if (without !== undefined) return without;
  const [, libraries] = holders.find(([pattern]) => pattern.test(name)) ?? [];
  return libraries && cureMissing(libraries, name, build);
}

export const undefinedReferences: readonly Cause[] = [
  /undefined reference to [`'‘]([^'’]+)['’]/,
  /undefined symbol: (.+)$/,
].map((pattern) => ({ pattern, cure: ([name = ''], build) => cureReference(name, build) }));
