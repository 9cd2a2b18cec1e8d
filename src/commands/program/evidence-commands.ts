import { Command, Option } from 'commander';
import { engineNames } from '../../engines/engine.ts';
import type { Run } from '../command-context.ts';
import { examples } from '../help.ts';
import {
  addProgressOptions,
  collect,
  collectRequirements,
  insecureRegistryOption,
} from './options.ts';

const subjects =
  'output folder, archive, OCI layout folder, rootfs tar, or image in a registry (HOST/NAME) or the engine';

const engineOption = (description: string) =>
  new Option('--engine <engine>', description)
    .choices(['auto', ...engineNames])
    .default('auto')
    .env('MKBASE_ENGINE');

function verifyCommand(run: Run): Command {
  const command = new Command('verify')
    .summary('compute everything anew from bytes, and list what is not as claimed')
    .description(
      'Computes every digest, size, path and field of an image and of its evidence anew and lists each one that is not as claimed. What nothing here can bear out is listed as claimed, what something is missing for as not checked. Exit code 11 when there is a mismatch or something required is not there.',
    )
    .argument('<subject>', subjects)
    .option('--evidence <folder>', 'Folder of evidence; the one beside the subject when left out.')
    .option(
      '--key <file>',
      'Public key (PEM); then every signature must be there and hold. Repeatable: one of them made all. file=FILE,until=DAY for one that counts no longer.',
      collect,
    )
    .addOption(
      new Option(
        '--require <what>',
        'Fail unless it is there: image (its bytes were checked), signature (by a --key), rebuild (done now, or signed by a --key), complete (nothing is left unchecked; claims that no comparison can bear out, such as test outcomes, may stay). Comma list, repeatable.',
      ).argParser(collectRequirements),
    )
    .option(
      '--not-older-than <age>',
      'Fail when the signed indexes in the lock are older: 12h, 30d, 4w, or a date.',
    )
    .option('--recipe <recipe>', 'Where the recipe is, if it does not ship with mkbase.')
    .option(
      '--inputs <file>',
      'Bundle of inputs, as `mkbase bundle` writes it: follows signatures to the end, and is used first to build again.',
    )
    .option(
      '--attest <file>',
      'Write a signed summary (SLSA VSA) of the verification; takes --sign.',
    )
    .option('--lock-key <file>', 'Public key (PEM) that vouched for the lock of the build.')
    .addOption(insecureRegistryOption())
    .optionsGroup('Building again:')
    .option('--rebuild', 'Build again from the lock, compare, and write rebuild.json beside it.')
    .option('--vary', 'Build again under other conditions (time zone, umask, engine …), too.')
    .addOption(engineOption('What rebuilds, and whose image store to look in.'))
    .option('--mirror <url>', "Mirror of the recipe's distribution.")
    .option('--offline', 'Use only what is stored already; open no connection.')
    .option('--sign <how>', 'Sign rebuild.json and the summary: key=FILE, or keyless.')
    .option('--attach', 'Attach rebuild.json and its signature to the image in its registry.');
  return addProgressOptions(command)
    .option('--json', 'Print one JSON object.')
    .addHelpText('after', examples.verify)
    .action((subject: string, options) =>
      run(async (context) => (await import('../verify.ts')).verify(subject, options, context)),
    );
}

function diffCommand(run: Run): Command {
  return new Command('diff')
    .summary('compare two builds, and say why they differ')
    .description(
      'Compares two builds: packages, files with their modes, owners and sizes, and the image config; and says what made each path differ. Exit code 11 when they differ.',
    )
    .argument('<one>', `recipe, lock, ${subjects}`)
    .argument('<other>', 'what to compare it with')
    .addOption(engineOption('Whose image store to look in.'))
    .addOption(insecureRegistryOption())
    .addOption(new Option('--json', 'Print one JSON object.').conflicts('markdown'))
    .option('--markdown', 'Print Markdown, for instance for a pull request.')
    .addHelpText('after', examples.diff)
    .action((one: string, other: string, options) =>
      run(async (context) => (await import('../diff.ts')).diff(one, other, options, context)),
    );
}

function signCommand(run: Run): Command {
  return new Command('sign')
    .summary("sign a build's evidence, or make a key for it")
    .description(
      'Verifies the evidence of a build and signs it: a Sigstore bundle beside the provenance and each bill of materials. A lock is signed by its path; the signatures over an image in a registry are attached to it.',
    )
    .argument(
      '[folder]',
      'output folder of a build, the name of its recipe, a lock, or an image in a registry',
    )
    .option('--key <file>', 'Private key in PEM form: Ed25519, ECDSA P-256 or RSA.')
    .option(
      '--passphrase-file <file>',
      'File whose first line is the passphrase; else MKBASE_SIGN_PASSPHRASE, else it is asked.',
    )
    .addOption(
      new Option(
        '--keyless',
        'Sign by an identity, through cosign and the network; what is signed stands in a public log for good.',
      ),
    )
    .option(
      '--replaces <file>',
      'Public key; sign only what it has signed, as when a key gives way to another. Repeatable.',
      collect,
    )
    .addOption(insecureRegistryOption())
    .option('--generate-key <file>', 'Make a pair of keys: <file> and <file>.pub.')
    .option('--json', 'Print one JSON object.')
    .addHelpText('after', examples.sign)
    .action((folder: string | undefined, options) =>
      run(async (context) => (await import('../sign.ts')).sign(folder, options, context)),
    );
}

export const evidenceCommands = (run: Run): Command[] => [
  verifyCommand(run),
  diffCommand(run),
  signCommand(run),
];
