import { createHash } from 'node:crypto';

const magic = 0xfeedfeed;
const versionWithTypes = 2;
const trustedCertificate = 2;
const digestBytes = 20;

/** The password of a keystore that holds nothing secret, as ca-certificates-java sets it. */
const password = 'changeit';
/** The words that go between password and content (OpenJDK, sun.security.provider.JavaKeyStore). */
const whitener = 'Mighty Aphrodite';

function digestOf(content: Uint8Array): Buffer {
  const utf16 = Buffer.from(password, 'utf16le').swap16();
  return createHash('sha1').update(utf16).update(whitener).update(content).digest();
}

/**
 * Returns the offsets of the times in a keystore of certificates; undefined for anything else. Each entry is
 * its kind, name, time (milliseconds since 1970, 8 bytes), type and certificate; numbers are big-endian.
 */
function timesIn(store: Buffer): number[] | undefined {
  const end = store.length - digestBytes;
  if (end < 12 || store.readUInt32BE(0) !== magic) return undefined;
  if (store.readUInt32BE(4) !== versionWithTypes) return undefined;
  const times: number[] = [];
  let at = 12;
  for (let left = store.readUInt32BE(8); left > 0; left--) {
    if (at + 6 > end || store.readUInt32BE(at) !== trustedCertificate) return undefined;
    const time = at + 6 + store.readUInt16BE(at + 4);
    if (time + 10 > end) return undefined;
    const certificate = time + 10 + store.readUInt16BE(time + 8);
    if (certificate + 4 > end) return undefined;
    times.push(time);
    at = certificate + 4 + store.readUInt32BE(certificate);
  }
  return at === end ? times : undefined;
}

/**
 * Gives the certificates of a Java keystore (JKS) the epoch as the time at which they came into it, in place
 * of that of the build. `text` has a character for each byte. Anything but a whole keystore of certificates
 * with the usual password is left as it is.
 */
export function settleKeystore(text: string, epoch: number): string {
  const store = Buffer.from(text, 'latin1');
  const times = timesIn(store);
  const content = store.subarray(0, -digestBytes);
  if (times === undefined || !digestOf(content).equals(store.subarray(-digestBytes))) return text;
  for (const time of times) store.writeBigUInt64BE(BigInt(epoch) * 1000n, time);
  digestOf(content).copy(store, content.length);
  return store.toString('latin1');
}
