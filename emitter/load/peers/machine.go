package main

import (
	"debug/buildinfo"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Machine is where it was measured, and with what.
type Machine struct {
	Date     time.Time         `json:"date"`     // when it was measured, in UTC
	CPU      string            `json:"cpu"`      // its model
	Cores    int               `json:"cores"`    // that programs may use
	Kernel   string            `json:"kernel"`   // name and release
	Go       string            `json:"go"`       // version of the one that built the comparison
	Versions map[string]string `json:"versions"` // of the tools, by name; "unknown" if a tool has none
}

func (b *bench) machine() Machine {
	m := Machine{Date: time.Now().UTC().Truncate(time.Second), CPU: cpuModel(), Cores: runtime.NumCPU(),
		Kernel: kernel(), Go: runtime.Version()}
	m.Versions = map[string]string{"wrk": wrkVersion()}
	for _, name := range []string{"hubhook", "vegeta", "k6"} {
		m.Versions[name] = "unknown"
		if info, err := buildinfo.ReadFile(filepath.Join(b.bin, name)); err == nil {
			m.Versions[name] = info.Main.Version
		}
	}
	return m
}

func wrkVersion() string {
	out, _ := exec.Command("wrk", "-v").Output() // which ends as if that were a mistake
	fields := strings.Fields(string(out))
	if len(fields) < 2 {
		return "unknown"
	}
	return fields[1]
}

func cpuModel() string {
	text, _ := os.ReadFile("/proc/cpuinfo")
	for line := range strings.Lines(string(text)) {
		if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}

func kernel() string {
	var u unix.Utsname
	if unix.Uname(&u) != nil {
		return runtime.GOOS
	}
	return unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
}

// String returns the sentence above the tables.
func (m Machine) String() string {
	return fmt.Sprintf("%s; %d cores of %s; %s; %s; hubhook %s, wrk %s, vegeta %s, k6 %s.",
		m.Date.Format(time.DateOnly), m.Cores, m.CPU, m.Kernel, m.Go,
		m.Versions["hubhook"], m.Versions["wrk"], m.Versions["vegeta"], m.Versions["k6"])
}

// use is how much of the machine was used since it started.
type use struct{ busy, all float64 } // seconds, of all cores

// ticks is how many of the kernel's ticks are a second to a program.
const ticks = 100

func machineUse() use {
	text, _ := os.ReadFile("/proc/stat")
	return parseUse(string(text))
}

// parseUse reads /proc/stat (proc_stat(5)): in its first line are user, nice, system, idle, iowait,
// irq, softirq and steal.
func parseUse(stat string) (u use) {
	line, _, _ := strings.Cut(stat, "\n")
	fields := strings.Fields(line)
	for i := 1; i < min(len(fields), 9); i++ {
		n, err := strconv.ParseFloat(fields[i], 64)
		if err != nil {
			return use{}
		}
		u.all += n / ticks
		if i != 4 && i != 5 {
			u.busy += n / ticks
		}
	}
	return u
}

func (u use) since(before use) use { return use{u.busy - before.busy, u.all - before.all} }

// others returns the part of the machine that was used beside what is known, in seconds.
func (u use) others(known float64) float64 {
	if u.all <= 0 {
		return 0
	}
	return max(0, (u.busy-known)/u.all)
}
