import { Command, Option } from 'commander';
import { examples } from '../help.ts';
import type { Run } from './act.ts';

export function signCommand(run: Run): Command {
  return new Command('sign')
    .summary("sign a build's evidence, or make a key for it")
    .description(
      'Verifies the evidence of a build and signs it: a Sigstore bundle beside the provenance and each bill of materials.',
    )
    .argument('[folder]', 'output folder of a build, or the name of its recipe')
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
    .option('--generate-key <file>', 'Make a pair of keys: <file> and <file>.pub.')
    .option('--json', 'Print one JSON object.')
    .addHelpText('after', examples.sign)
    .action((folder: string | undefined, options) =>
      run(async (context) => (await import('../sign.ts')).sign(folder, options, context)),
    );
}
