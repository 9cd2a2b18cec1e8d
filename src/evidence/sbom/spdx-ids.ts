import type { ByteString } from '../../base/byte-string.ts';
import { sha256OfBytes } from '../../base/hash.ts';
import type { Component } from '../../kinds/component.ts';

const digits = (text: string, count: number): string => sha256OfBytes(text).slice(0, count);

/**
 * Returns the id of a package. An id may hold letters, digits, dots and hyphens (SPDX 2.3, 7.2); the digits
 * keep it unique.
 */
export const packageId = ({ id, kind, name }: Component): string =>
  `SPDXRef-${kind}-${name.replace(/[^A-Za-z0-9.-]+/g, '-')}-${digits(id, 8)}`;

/** Returns the id of a file from its path. */
export const fileId = (path: ByteString): string => `SPDXRef-File-${digits(path, 20)}`;
