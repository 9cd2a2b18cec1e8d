import type { Image } from '../../image/image.ts';
import { toDockerfileLines } from '../../image/instructions.ts';

/** How a Dockerfile of ours begins, after which such a folder is known to be ours. */
export const dockerfileMark = '# mkbase: recipe ';

/**
 * A Dockerfile that makes an image of its rootfs, which lies beside it as `archive`, and its config
 * (Dockerfile reference). It has one layer; builders set a PATH where the recipe sets none.
 */
export const dockerfileText = ({ settings, comment }: Image, archive: string): string =>
  [`# ${comment}`, 'FROM scratch', `ADD ${archive} /`, ...toDockerfileLines(settings), ''].join(
    '\n',
  );
