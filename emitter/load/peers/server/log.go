package server

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"
)

// Exchange is a request and its answer, by the server's wall clock.
type Exchange struct {
	ID       string    // its Webhook-Id
	Arrived  time.Time // when it was there as a whole
	Answered time.Time // when the answer was sent; zero if none was
}

// record is what is kept of an exchange until the end. Times are nanoseconds since 1970.
type record struct {
	idEnd             int
	arrived, answered int64
}

// log are the exchanges up to now.
type log struct {
	ids     []byte // one after another
	records []record
}

// arrived records a request, and returns its index.
func (l *log) arrived(id []byte, at int64) int {
	l.ids = append(l.ids, id...)
	l.records = append(l.records, record{idEnd: len(l.ids), arrived: at})
	return len(l.records) - 1
}

func (l *log) save(name string) error {
	file, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("write exchanges: %w", err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	from := 0
	for _, r := range l.records {
		fmt.Fprintf(w, "%s %d %d\n", l.ids[from:r.idEnd], r.arrived, r.answered)
		from = r.idEnd
	}
	if err := w.Flush(); err != nil {
		return fmt.Errorf("write exchanges: %w", err)
	}
	return file.Close()
}

// ReadLog reads the exchanges that a server wrote.
func ReadLog(r io.Reader) ([]Exchange, error) {
	var list []Exchange
	lines := bufio.NewScanner(r)
	for lines.Scan() {
		e, err := readExchange(lines.Text())
		if err != nil {
			return nil, fmt.Errorf("exchange %d: %w", len(list)+1, err)
		}
		list = append(list, e)
	}
	return list, lines.Err()
}

func readExchange(line string) (e Exchange, err error) {
	id, times, _ := strings.Cut(line, " ")
	first, second, _ := strings.Cut(times, " ")
	if e.Arrived, err = moment(first); err != nil {
		return e, err
	}
	e.ID = id
	e.Answered, err = moment(second)
	return e, err
}

func moment(text string) (time.Time, error) {
	at, err := strconv.ParseInt(text, 10, 64)
	if err != nil || at < 0 {
		return time.Time{}, fmt.Errorf("%q is no time in nanoseconds", text)
	}
	if at == 0 {
		return time.Time{}, nil
	}
	return time.Unix(0, at), nil
}
