/**
 * Refuses `npm run test:postgres` unless it is told which server to use: without one the suite would quietly run on the
 * embedded database.
 */
if (!/^postgres(?:ql)?:\/\//.test(process.env['TEST_DATABASE_URL'] ?? '')) {
  process.stderr.write(
    'TEST_DATABASE_URL is not set. Give a PostgreSQL server (15 or newer, PostGIS installed) and a role that may create databases:\n' +
    '  TEST_DATABASE_URL=postgres://user:password@localhost:5432/postgres npm run test:postgres\n' +
    'The suite makes databases named hub_test_… there and removes them. `npm test` needs no server.\n',
  );
  process.exitCode = 1;
}
