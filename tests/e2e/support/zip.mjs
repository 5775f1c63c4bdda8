/** Just enough of the zip format to put one more file into an archive (APPNOTE.TXT 4.3: local header, directory, end). */
import { crc32 } from './crc.mjs';

/** The archive with a file more, stored as it is, in the folder of the first one. */
export function withFile(archive, name, text) {
  const end = archive.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'));
  const entries = archive.readUInt16LE(end + 10);
  const size = archive.readUInt32LE(end + 12);
  const start = archive.readUInt32LE(end + 16);
  const firstName = archive.subarray(start + 46, start + 46 + archive.readUInt16LE(start + 28)).toString();
  const path = Buffer.from(`${firstName.split('/')[0]}/${name}`);
  const content = Buffer.from(text);

  const facts = Buffer.alloc(26);
  facts.writeUInt16LE(20, 0); // version
  facts.writeUInt32LE(crc32(content), 10);
  facts.writeUInt32LE(content.length, 14);
  facts.writeUInt32LE(content.length, 18);
  facts.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), facts, path, content]);

  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(start, 10); // where the local header stands
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), facts, rest, path]);

  const tail = Buffer.from(archive.subarray(end));
  tail.writeUInt16LE(entries + 1, 8);
  tail.writeUInt16LE(entries + 1, 10);
  tail.writeUInt32LE(size + directory.length, 12);
  tail.writeUInt32LE(start + local.length, 16);
  return Buffer.concat([
    archive.subarray(0, start),
    local,
    archive.subarray(start, start + size),
    directory,
    tail,
  ]);
}
