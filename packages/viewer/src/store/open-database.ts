import { DatabaseSync } from 'node:sqlite'

import { errorMessage, sqliteCode } from '../error-fields.ts'
import { ViewerError } from '../viewer-error.ts'
import { foreignFile, prepareSchema } from './schema.ts'

/** How long a statement waits for another process that writes to the same file. */
const BUSY_TIMEOUT_MS = 2000

/** Memory for pages of a file: the index of 200,000 random ids fits in. */
const CACHE_KIB = 32_768

/** Pages of the log, 64 MiB, at which a commit empties it by itself, should the thread that does so fail or lag behind. */
const MAX_LOG_PAGES = 16_384

/**
 * With WAL a reader in another process never waits for us. NORMAL: what was committed survives the end of the process, however
 * it ends, since the system has it; after a loss of power the newest may be missing, but nothing is torn.
 */
const FILE_PRAGMAS = `
PRAGMA journal_mode = WAL;
PRAGMA synchronous = NORMAL;
PRAGMA cache_size = -${CACHE_KIB};
PRAGMA wal_autocheckpoint = ${MAX_LOG_PAGES};`

/** SQLite's primary result code for a file that is no database. */
const SQLITE_NOTADB = 26

/**
 * Opens or creates the database, in memory without a path.
 *
 * @throws ViewerError `foreign_file`, `newer_schema` or `cannot_open`.
 */
export function openDatabase(path: string | undefined): DatabaseSync {
  const place = path ?? 'the database in memory'
  let database: DatabaseSync | undefined
  try {
    database = new DatabaseSync(path ?? ':memory:')
    database.exec(`PRAGMA busy_timeout = ${BUSY_TIMEOUT_MS}; PRAGMA foreign_keys = ON`)
    prepareSchema(database, place)
    // Only now that the file is known to be ours.
    if (path !== undefined) database.exec(FILE_PRAGMAS)
    return database
  } catch (error) {
    database?.close()
    if (error instanceof ViewerError) throw error
    if (sqliteCode(error) === SQLITE_NOTADB) throw foreignFile(place, error)
    const message = `${place} can't be opened as a database (${errorMessage(error)}): check the folder and its permissions.`
    throw new ViewerError('cannot_open', message, error)
  }
}
