import { list, record } from '../base/json.ts';
import type { Difference } from '../base/json-differences.ts';
import { caseVariants } from '../oci/one-meaning.ts';

const words = (text: string): readonly string[] => text.split(' ');

/** Fields of an image's config (image-spec 1.1, config.md, and Docker's image specification 1.2). */
const top = words(
  'architecture os os.version os.features variant created author config rootfs history id parent comment container container_config docker_version Size',
);

/** Fields of the objects in it, by their names. */
const inner = {
  config: words(
    'User ExposedPorts Env Entrypoint Cmd Volumes WorkingDir Labels StopSignal StopTimeout ArgsEscaped Healthcheck OnBuild Shell Hostname Domainname AttachStdin AttachStdout AttachStderr Tty OpenStdin StdinOnce Image NetworkDisabled MacAddress Memory MemorySwap CpuShares',
  ),
  rootfs: words('type diff_ids'),
};

const health = words('Test Interval Timeout StartPeriod StartInterval Retries');
const line = words('created created_by author comment empty_layer');

/** Returns the keys of a config that engines read as a field of it, and every other reader as none. */
export function configProblems(value: unknown): Difference[] {
  const { config, history } = record(value);
  return [
    ...caseVariants(value, top, ''),
    ...Object.entries(inner).flatMap(([name, known]) =>
      caseVariants(record(value)[name], known, name),
    ),
    ...caseVariants(record(config).Healthcheck, health, 'config.Healthcheck'),
    ...list(history).flatMap((each, at) => caseVariants(each, line, `history[${at}]`)),
  ];
}
