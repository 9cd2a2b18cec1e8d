const day = 86_400;

/**
 * /etc/shadow (shadow(5)) without the day of the build: every password was last changed on the day
 * of the epoch, and an account with an empty one, which anybody could log in to, has none.
 */
export function settleShadow(text: string, epoch: number): string {
  const changed = String(Math.floor(epoch / day));
  return text.replace(/^([^:\n]*):([^:\n]*):([^:\n]*):/gm, (_, name, password, last) => {
    const settled = /^[1-9]\d*$/.test(last) ? changed : last;
    return `${name}:${password || '*'}:${settled}:`;
  });
}
