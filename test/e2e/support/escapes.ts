/** What came of an attempt: `absent` when the machine has nothing there to attempt. */
export type Outcome = 'refused' | 'limited' | 'absent' | 'allowed';
export type Place = 'step' | 'rootfs' | 'tree' | 'image';

/** Reads the lines that the program of test/e2e/engines/escapes prints. */
export function outcomesOf(printed: string): Map<string, Outcome> {
  const lines = printed.split('\n').filter((line) => line.includes(': '));
  return new Map(
    lines.map((line) => {
      const colon = line.lastIndexOf(': ');
      return [line.slice(0, colon), line.slice(colon + 2).split(' ')[0] as Outcome];
    }),
  );
}

/** An attempt that gets somewhere by design, and the reason. */
interface Exception {
  readonly attempt: string;
  readonly places: readonly Place[];
  /** How the titles of the settings begin, with a comma between two. */
  readonly settings: string;
  readonly reason: string;
  /** The word for it in the table, where it depends on the machine; else what came of it. */
  readonly word?: string;
  /** It is none where the engine can make control groups. */
  readonly onlyUngrouped?: boolean;
}

export const exceptions: readonly Exception[] = [
  {
    attempt: "process 1's memory (/proc/1/mem)",
    places: ['step', 'rootfs', 'tree', 'image'],
    settings: 'docker, podman',
    reason: 'process 1 of a container is one of its own, with the same rights',
  },
  {
    attempt: 'raw socket (SOCK_RAW)',
    places: ['image'],
    settings: 'docker, podman',
    reason: "images keep the engine's own capabilities; the socket is in the container's network",
  },
  {
    attempt: 'take the root away (umount2)',
    places: ['rootfs'],
    settings: 'namespace',
    reason: 'it may call umount2; the kernel says EINVAL, since the root is locked',
  },
  ...['shared memory (mmap)', 'shared memory (memfd_create)'].map((attempt) => ({
    attempt,
    places: ['step', 'rootfs', 'tree'] as const,
    settings: 'namespace',
    reason:
      'a control group limits it; without one, limits count what a process has for itself alone',
    word: 'limited in a control group',
    onlyUngrouped: true,
  })),
];

const concerns = (each: Exception, name: string, place: Place, title: string) =>
  each.attempt === name &&
  each.places.includes(place) &&
  each.settings.split(', ').some((setting) => title.startsWith(setting));

export const places = [
  { place: 'step', what: 'step' },
  { place: 'rootfs', what: 'step that makes a whole root file system' },
  { place: 'tree', what: 'step that has a root of its own' },
  { place: 'image', what: 'running image' },
] as const satisfies readonly { place: Place; what: string }[];

/** Tells whether an attempt may get somewhere; `grouped`: the engine can make control groups. */
export const isException = (name: string, place: Place, title: string, grouped: boolean): boolean =>
  exceptions.some(
    (each) => concerns(each, name, place, title) && !(grouped && each.onlyUngrouped === true),
  );

/** What came of every attempt, by the title of the setting and by place. */
export type Measured = ReadonlyMap<string, ReadonlyMap<Place, ReadonlyMap<string, Outcome>>>;

function wordOf(name: string, place: Place, title: string, outcome: Outcome | undefined): string {
  if (outcome === undefined) return '';
  const word = exceptions.find((each) => concerns(each, name, place, title))?.word;
  return word ?? (outcome === 'absent' ? 'refused' : outcome);
}

/** One word for all places, or a word for each that differs from the first. */
function cellOf(name: string, title: string, measured: Measured): string {
  const words = places.flatMap(({ place }) => {
    const word = wordOf(name, place, title, measured.get(title)?.get(place)?.get(name));
    return word === '' ? [] : [{ place, word }];
  });
  const [first] = words;
  const others = words.filter(({ word }) => word !== first?.word);
  return [first?.word, ...others.map(({ place, word }) => `${place}: ${word}`)].join('; ');
}

/** Writes the rows of the table: an attempt and a cell for each setting. */
export function escapesRows(titles: readonly string[], measured: Measured): string[][] {
  const all = [...measured.values()].flatMap((byPlace) =>
    [...byPlace.values()].flatMap((outcomes) => [...outcomes.keys()]),
  );
  return [...new Set(all)].map((name) => [
    name,
    ...titles.map((title) => cellOf(name, title, measured)),
  ]);
}

const isSeparator = (line: string) => /^\|(?: -+ \|)+$/.test(line);

/** Reads the rows of the Markdown table whose first column has that title, without its header. */
export function rowsOf(markdown: string, title: string): string[][] {
  const lines = markdown.split('\n');
  const header = lines.findIndex((line) => line.startsWith(`| ${title} `));
  const rest = lines.slice(header + 1);
  const end = rest.findIndex((line) => !line.startsWith('|'));
  return rest
    .slice(0, end)
    .filter((line) => !isSeparator(line))
    .map((line) => line.split('|').slice(1, -1))
    .map((cells) => cells.map((cell) => cell.trim()));
}

/** Writes an aligned Markdown table. */
export function formatTable(rows: readonly (readonly string[])[]): string {
  const [header = [], ...body] = rows;
  const widths = header.map((_, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${widths.map((width, at) => (row[at] ?? '').padEnd(width)).join(' | ')} |\n`;
  const rule = line(widths.map((width) => '-'.repeat(width)));
  return [line(header), rule, ...body.map(line)].join('');
}
