package hub

import "net/http"

// servePage shows the page.
func (h *Hub) servePage(w http.ResponseWriter, r *http.Request) { http.NotFound(w, r) }
