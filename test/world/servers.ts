/**
 * Databases on a real PostgreSQL server: naming and copying. Only for tests: it concatenates names, which it gets from tests.
 */
import postgres from 'postgres';

/** The connection string of another database on the same server. */
export function databaseUrl(admin: string, name: string): string {
  const url = new URL(admin);
  url.pathname = `/${name}`;
  return url.toString();
}

/** Copies a database nobody is connected to; a connection that has just ended may take a moment to be gone. */
export async function copyDatabase(sql: postgres.Sql, from: string, to: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await sql.unsafe(`create database "${to}" template "${from}"`);
      return;
    } catch (error) {
      if (attempt >= 50 || !(error instanceof postgres.PostgresError) || error.code !== '55006') throw error;
      await new Promise((wake) => setTimeout(wake, 100));
    }
  }
}
