import { execFileSync } from 'node:child_process';
import { headerOf, type Tags } from './writer.ts';

/** Makes an rpmdb.sqlite with the headers of some packages by SQLite itself; small pages make rows go over several. */
export function rpmDatabase(packages: readonly Tags[], pageSize = 512): Buffer {
  const script = `import json, sqlite3, sys
db = sqlite3.connect(":memory:")
db.execute("PRAGMA page_size = ${pageSize}")
db.execute("CREATE TABLE Packages (hnum INTEGER PRIMARY KEY AUTOINCREMENT, blob BLOB NOT NULL)")
for blob in json.load(sys.stdin):
    db.execute("INSERT INTO Packages (blob) VALUES (?)", (bytes.fromhex(blob),))
db.commit()
db.execute("VACUUM")
sys.stdout.buffer.write(db.serialize())`;
  const blobs = packages.map((tags) => headerOf(tags).subarray(8).toString('hex'));
  return execFileSync('python3', ['-c', script], { input: JSON.stringify(blobs) });
}
