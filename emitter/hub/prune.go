package hub

// pruneSlack is how many deliveries there may be too many before some are forgotten,
// so that it is not done for each. Those that are pending stay, however many they are.
const pruneSlack = 256

// prune forgets the oldest deliveries that are done: those beyond the number, or the
// bytes, that are kept, and those that are too old.
func (tx *tx) prune() {
	o := tx.config
	old := tx.now.Add(-o.KeepFor)
	excess := min(len(tx.order)-o.KeepDeliveries, tx.ended)
	if excess <= pruneSlack {
		excess = 0
	}
	if tx.told <= o.KeepBytes && excess == 0 && (len(tx.order) == 0 || tx.order[0].Created.After(old)) {
		return
	}
	var gone []uint64
	left := tx.told
	for _, d := range tx.order {
		if len(gone) >= excess && left <= o.KeepBytes && d.Created.After(old) {
			break
		}
		if d.Done() {
			gone = append(gone, d.Number)
			left -= int64(d.Size)
		}
	}
	for _, number := range gone {
		put(tx, tx.deliveries, padded(number), nil)
		put(tx, tx.payloads, padded(number), nil)
	}
}
