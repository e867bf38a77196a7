package store

import (
	"cmp"
	"context"
	"database/sql/driver"
	"fmt"
	"net/url"
	"path/filepath"
	"strings"

	"modernc.org/sqlite"
)

// database is one connection to SQLite. There is no pool around it, as database/sql
// would make: the connection holds the lock on the file, so there can be no other.
type database struct {
	conn       connection
	statements []driver.Stmt // SQLite keeps a file open, and locked, for those that are
}

// connection is what the driver's connections can do.
type connection interface {
	driver.Conn
	driver.ExecerContext
	driver.QueryerContext
}

func openDatabase(place string) (*database, error) {
	// POSIX drops a process's lock on a file when any part of that process closes
	// the file, a backup for one. Linux has a kind that stays. Where it is not to be
	// had, the usual kind has to do.
	_, _ = sqlite.OFDLocking(true)
	connector, err := sqlite.NewConnector(dataSource(place))
	if err != nil {
		return nil, err
	}
	opened, err := connector.Connect(context.Background())
	if err != nil {
		return nil, err
	}
	conn, can := opened.(connection)
	if !can {
		_ = opened.Close()
		return nil, fmt.Errorf("the driver of SQLite gave %T, which executes nothing", opened)
	}
	return &database{conn: conn}, nil
}

// dataSource is a path as a URI, since in a plain one the driver takes what follows
// a question mark for options.
func dataSource(place string) string {
	path := filepath.ToSlash(place)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // that of a volume: file:///C:/hub.db
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}

// before are the settings that hold from the first access to the file.
func before() []string {
	return []string{
		// Long enough for a process that is just ending, or for another that opens the
		// file at the same moment, to get out of the way; in milliseconds.
		"PRAGMA busy_timeout = 250",
		// A page holds several records, and one of 2 KB needs no further page of its own.
		// The larger a page is, the more is written for one record.
		"PRAGMA page_size = 8192",
		// The file is locked for good, so that readers need no shared memory.
		"PRAGMA locking_mode = EXCLUSIVE",
	}
}

// after are the settings that hold once the file is known to be ours.
func after() []string {
	return []string{
		"PRAGMA journal_mode = WAL",
		// A commit waits until the log is on disk.
		"PRAGMA synchronous = FULL",
		// Moving the log into the database waits for the disk twice, so it is put off
		// until 2,000 pages are in it, 16 MB. A larger log, that of one great batch, is
		// cut back to that; in bytes.
		"PRAGMA wal_autocheckpoint = 2000",
		"PRAGMA journal_size_limit = 16777216",
		// In KiB, when negative.
		"PRAGMA cache_size = -16384",
	}
}

// makeReady locks the database, lays it out where it is new, and sets it up.
func (d *database) makeReady() error {
	if err := d.execAll(before()); err != nil {
		return err
	}
	if err := d.exec("BEGIN EXCLUSIVE"); err != nil {
		return err
	}
	if err := d.layOut(); err != nil {
		return err // closing the connection rolls back
	}
	if err := d.exec("COMMIT"); err != nil {
		return err
	}
	if err := d.execAll(after()); err != nil {
		return err
	}
	return d.exec("SELECT kind FROM record LIMIT 1") // the log is made at the first access
}

// layOut makes the table in a new database, and looks whose an old one is: now
// that it is locked, no other process can make it.
func (d *database) layOut() error {
	objects, err := d.number("SELECT count(*) FROM sqlite_schema")
	if err != nil {
		return err
	}
	if objects == 0 {
		return d.execAll(layout())
	}
	application, err := d.number("PRAGMA application_id")
	if err != nil {
		return err
	}
	version, err := d.number("PRAGMA user_version")
	if err != nil {
		return err
	}
	return checkOwner(owner{uint32(application), uint32(version)})
}

func layout() []string {
	return []string{
		fmt.Sprintf("PRAGMA application_id = %d", ours.application),
		fmt.Sprintf("PRAGMA user_version = %d", ours.version),
		// Blobs are compared by their bytes, and hold any. Without a rowid there is one
		// tree, in which REPLACE puts a record over another without looking first.
		`CREATE TABLE record (
			kind BLOB NOT NULL, key BLOB NOT NULL, value BLOB NOT NULL,
			PRIMARY KEY (kind, key)
		) WITHOUT ROWID`,
	}
}

func (d *database) execAll(statements []string) error {
	for _, text := range statements {
		if err := d.exec(text); err != nil {
			return err
		}
	}
	return nil
}

func (d *database) exec(text string) error {
	_, err := d.conn.ExecContext(context.Background(), text, nil)
	return err
}

func (d *database) query(text string) (driver.Rows, error) {
	return d.conn.QueryContext(context.Background(), text, nil)
}

// number is the answer to a query for one.
func (d *database) number(text string) (int64, error) {
	rows, err := d.query(text)
	if err != nil {
		return 0, err
	}
	defer rows.Close()
	row := make([]driver.Value, 1)
	if err := rows.Next(row); err != nil {
		return 0, err
	}
	n, is := row[0].(int64)
	if !is {
		return 0, fmt.Errorf("%s: got %T, want a number", text, row[0])
	}
	return n, nil
}

func (d *database) close() error {
	var err error
	for _, s := range d.statements {
		err = cmp.Or(err, s.Close())
	}
	return cmp.Or(err, d.conn.Close())
}

// statement is one that is made ready to be executed many times.
type statement struct {
	prepared driver.StmtExecContext
	values   []driver.NamedValue // reused
}

func (d *database) prepare(text string) (*statement, error) {
	prepared, err := d.conn.Prepare(text)
	if err != nil {
		return nil, err
	}
	d.statements = append(d.statements, prepared)
	executor, can := prepared.(driver.StmtExecContext)
	if !can {
		return nil, fmt.Errorf("the driver of SQLite gave %T, which executes nothing", prepared)
	}
	return &statement{prepared: executor}, nil
}

func (s *statement) exec(values ...[]byte) error {
	s.values = s.values[:0]
	for i, v := range values {
		s.values = append(s.values, driver.NamedValue{Ordinal: i + 1, Value: v})
	}
	_, err := s.prepared.ExecContext(context.Background(), s.values)
	return err
}
