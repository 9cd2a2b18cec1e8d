import { generateKeyPairSync } from 'node:crypto';
import { canonicalJson } from '../../../src/base/canonical-json.ts';
import { sha256OfBytes } from '../../../src/base/hash.ts';
import { record } from '../../../src/base/json.ts';
import { packageVersion } from '../../../src/base/package-root.ts';
import { parseMtree } from '../../../src/evidence/mtree/parse.ts';
import { type Statement, statementType } from '../../../src/evidence/provenance/statement.ts';
import { inputSets, inputsDigest } from '../../../src/lock/inputs.ts';
import { lockText, parseLock } from '../../../src/lock/lock-file.ts';
import { preAuthenticationEncoding, signStatement } from '../../../src/sign/bundle.ts';
import { signingKey } from '../../../src/sign/keys/signing-key.ts';
import { verificationKey } from '../../../src/sign/keys/verification-key.ts';
import { verifyBundle } from '../../../src/sign/verify-bundle.ts';
import { checkProvenance } from '../../../src/verify/provenance.ts';
import { checkSboms } from '../../../src/verify/sbom.ts';
import { quietIo } from '../../support/image.ts';
import { lockedDeb, lockedDebs, lockOf } from '../../support/lock.ts';
import { resealLock } from '../../support/reseal/reseal.ts';
import { isSyntaxError, type Reader, same } from '../reader.ts';
import { inputsOf, textOf } from './bytes.ts';
import { sampleOutput } from './sample.ts';

const smallLock = () => lockText(lockOf('debs', lockedDebs(lockedDeb('aa'), lockedDeb('bb'))));

/** Writes a lock as it is compared: the order of members means nothing, and those without a value are not written. */
const meaningOf = (value: object): string => canonicalJson(value);

export const lock: Reader = {
  name: 'lock',
  form: 'json',
  seeds: async () => {
    const { files } = await sampleOutput();
    const small = resealLock(smallLock());
    return [...inputsOf(small), files.get('lock.json') ?? Buffer.of()];
  },
  read: async (input) => {
    const found = parseLock(textOf(input), 'input');
    const again = parseLock(lockText(found), 'input');
    same('written and read again it is the same', meaningOf(again), meaningOf(found));
    return { sets: inputSets(found), digest: inputsDigest(found) };
  },
  repair: (input) => Buffer.from(resealLock(input.toString())),
  words: [
    '"lockVersion": 2',
    '"debs"',
    '"apk"',
    '"static"',
    '"debootstrap"',
    '"minirootfs"',
    '__proto__',
  ],
};

export const sboms: Reader = {
  name: 'sbom',
  form: 'json',
  seeds: async () => {
    const { files } = await sampleOutput();
    const [spdx, cyclonedx] = ['sbom.spdx.json', 'sbom.cdx.json'].map((name) =>
      JSON.parse(String(files.get(name))),
    );
    return inputsOf(canonicalJson({ spdx, cyclonedx }));
  },
  read: async (input) => {
    const { spdx, cyclonedx } = record(JSON.parse(textOf(input)));
    const { files, image, lock: locked } = await sampleOutput();
    const { records } = parseMtree(String(files.get('rootfs.mtree')));
    const checks = await checkSboms(
      {
        ...{ spdx: record(spdx), cyclonedx: record(cyclonedx) },
        texts: { spdx: JSON.stringify(spdx), cyclonedx: JSON.stringify(cyclonedx) },
      },
      {
        ...{
          lock: locked,
          epoch: image.created,
          from: 'input',
          paths: records,
          inventory: undefined,
        },
        ...{ hasCommands: false, version: packageVersion },
        ...{ manifest: image.manifest.digest, diffId: image.rootfs.diffId },
      },
      quietIo(),
    );
    return checks.every(({ mismatches }) => mismatches.length === 0) ? checks : undefined;
  },
  refuses: isSyntaxError,
  words: [
    'pkg:deb/debian/a@1',
    'linked: ',
    'mkbase:kind',
    'os:debian-13',
    'file:/',
    'LicenseRef-x',
  ],
};

export const provenance: Reader = {
  name: 'provenance',
  form: 'json',
  seeds: async () => [(await sampleOutput()).files.get('provenance.json') ?? Buffer.of()],
  read: async (input) => {
    const { lock: locked, image, files } = await sampleOutput();
    const listed = ['lock.json', 'rootfs.mtree', 'sbom.spdx.json', 'sbom.cdx.json'];
    // Copies of the recipe's keys are listed by trust.json.
    const trust = [...files.keys()].filter((name) => /^trust\/(?!key-)/.test(name)).reverse();
    const evidence = [...listed, ...trust].map((name) => ({
      name,
      sha256: sha256OfBytes(files.get(name) ?? Buffer.of()),
    }));
    const facts = {
      ...{ lock: locked, image, imageName: 'image', evidence },
      ...{ trust: record(JSON.parse(String(files.get('trust/trust.json')))) as never },
      ...{ atHand: undefined, tests: undefined },
    };
    const check = checkProvenance(record(JSON.parse(textOf(input))), facts);
    return check.mismatches.length === 0 ? check : undefined;
  },
  refuses: isSyntaxError,
};

const pair = generateKeyPairSync('ed25519');
const signer = signingKey(pair.privateKey);
const verifier = verificationKey(pair.publicKey);
const statement: Statement = {
  _type: statementType,
  subject: [{ name: 'lock.json', digest: { sha256: 'a'.repeat(64) } }],
  predicateType: 'urn:mkbase:test',
  predicate: { a: [1, { b: true }] },
};

const signedText = canonicalJson(statement);

/** Signs the payload that stands there, so that its form is looked at. */
function resigned(input: Buffer): Buffer {
  try {
    const bundle = JSON.parse(input.toString()) as ReturnType<typeof signStatement>;
    const payload = Buffer.from(bundle.dsseEnvelope.payload, 'base64');
    const bytes = preAuthenticationEncoding('application/vnd.in-toto+json', payload);
    const signatures = [{ sig: signer.sign(bytes).toString('base64') }];
    const dsseEnvelope = { ...bundle.dsseEnvelope, signatures };
    return Buffer.from(canonicalJson({ ...bundle, dsseEnvelope }));
  } catch {
    return input;
  }
}

/** Bundles whose signature may be made again: accepted ones are read to their end. */
export const signedAgain: Reader = {
  name: 'sigstore-signed',
  form: 'json',
  seeds: async () => inputsOf(canonicalJson(signStatement(statement, signer))),
  read: async (input) => {
    const verdict = verifyBundle(textOf(input), verifier);
    return verdict.ok ? verdict.statement : undefined;
  },
  repair: resigned,
};

export const sigstore: Reader = {
  name: 'sigstore',
  form: 'json',
  seeds: signedAgain.seeds,
  read: async (input) => {
    const verdict = verifyBundle(textOf(input), verifier);
    if (!verdict.ok) return undefined;
    same('only the signed statement is believed', canonicalJson(verdict.statement), signedText);
    return verdict.statement;
  },
  words: ['"payload"', '"signatures"', 'dsseEnvelope', '=', '\\u0061'],
};
