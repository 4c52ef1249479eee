const reasons: ReadonlyMap<unknown, string> = new Map([
  ['ENOENT', 'there is no such file or folder.'],
  ['ENOTDIR', 'a part of the path is no folder.'],
  ['EISDIR', 'it is a folder.'],
  ['EACCES', 'the permission is missing.'],
  ['EPERM', 'the permission is missing.'],
  ['EROFS', 'the disk can only be read.'],
  ['ENOSPC', 'the disk is full.'],
  ['EDQUOT', 'the quota of the disk is used up.'],
  ['ELOOP', 'symbolic links lead in a circle.'],
  ['ENXIO', 'it is a socket or a device that is not there.'],
  ['ENAMETOOLONG', 'the name is too long.'],
  ['EMFILE', 'too many files are open.'],
])

/** Why a file could not be read or written, in words: what the system calls `ENOENT` is for people who know it. */
export function fileReason(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause)
  return reasons.get('code' in cause ? cause.code : undefined) ?? cause.message
}
