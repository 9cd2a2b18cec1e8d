import { expect, test } from 'vitest';
import { debootstrap } from '../../../src/kinds/debootstrap/schema.ts';

const issuesOf = (line: string) =>
  debootstrap.safeParse({ suite: 'trixie', debconf: [line] }).error?.issues ?? [];

test.each([
  'tzdata tzdata/Areas select Europe',
  'ucf  ucf/changeprompt  select keep_current',
  'locales locales/locales_to_be_generated multiselect en_GB.UTF-8 UTF-8, de_DE.UTF-8 UTF-8',
  'popularity-contest popularity-contest/participate boolean false',
])('an answer for debconf is taken as debconf-set-selections reads it: %j', (line) => {
  expect(issuesOf(line)).toEqual([]);
});

test.each([
  ['slapd slapd/password1 password secret', /^expected no password/],
  ['slapd slapd/password1   password', /^expected no password/],
  ['tzdata tzdata/Areas Europe', /^expected "package question type value"/],
  ['tzdata tzdata/Areas select Europe\nslapd slapd/password1 password secret', /expected/],
  ['# a comment', /^expected "package question type value"/],
])('an answer for debconf that holds a secret or says nothing is refused: %j', (line, message) => {
  expect(issuesOf(line)).toContainEqual(
    expect.objectContaining({ path: ['debconf', 0], message: expect.stringMatching(message) }),
  );
});
