import type { ByteString } from '../../base/byte-string.ts';

/**
 * PAX extended header records, `<length> <keyword>=<value>\n`, where the length counts the whole
 * record in bytes (pax(1), "pax Extended Header"). A value may hold any byte, newlines included.
 */
export type PaxRecord = readonly [keyword: ByteString, value: ByteString];

const lengthField = /^([1-9][0-9]{0,9}) /;

/** Reads the record at `start` and its end; undefined when its length does not fit exactly. */
function recordAt(body: ByteString, start: number): { record: PaxRecord; end: number } | undefined {
  const length = lengthField.exec(body.slice(start, start + 12))?.[1];
  if (length === undefined) return undefined;
  const end = start + Number(length);
  const keywordStart = start + length.length + 1;
  if (end > body.length || end <= keywordStart || body[end - 1] !== '\n') return undefined;
  const equals = body.indexOf('=', keywordStart);
  if (equals <= keywordStart || equals >= end - 1) return undefined;
  return { record: [body.slice(keywordStart, equals), body.slice(equals + 1, end - 1)], end };
}

/** Splits the body of a PAX header; undefined when a record does not fit exactly. */
export function parsePaxRecords(body: Uint8Array): PaxRecord[] | undefined {
  const text = Buffer.from(body).toString('latin1');
  const records: PaxRecord[] = [];
  for (let at = 0; at < text.length; ) {
    const next = recordAt(text, at);
    if (next === undefined) return undefined;
    records.push(next.record);
    at = next.end;
  }
  return records;
}

/** Writes one record; its length counts its own digits, too. */
function formatRecord([keyword, value]: PaxRecord): ByteString {
  const rest = ` ${keyword}=${value}\n`;
  let length = rest.length + 1;
  while (String(length).length + rest.length !== length) {
    length = String(length).length + rest.length;
  }
  return `${length}${rest}`;
}

/** Writes the body of a PAX header. */
export const formatPaxRecords = (records: readonly PaxRecord[]): Buffer =>
  Buffer.from(records.map(formatRecord).join(''), 'latin1');
