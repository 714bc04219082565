# Runs before everybody's own script, and does not save again what is in the mailbox already.
#
# When Postfix or Dovecot dies after a message was saved and before Postfix has noted the answer, Postfix delivers it
# again (RFC 1047). The topmost Received line is Dovecot's own. The next is of the Postfix that hands the message over,
# ours or a gateway's: it names the queue file and the second of its arrival, and is the same at each attempt.
require ["index", "variables", "vnd.dovecot.debug", "vnd.dovecot.execute"];

if header :index 2 :matches "received" "*(Postfix*; * ??:??:?? *" {
  set "received" "${0}";
  set "time" "${4}${5}:${6}${7}:${8}${9}";
  # What came over the network is a gateway's, and our Postfix has not logged from whom. A gateway takes no HELO with
  # blanks or brackets in it, and the name of a client has none.
  if header :index 1 :matches "received" "from * ([*])*" {
    set "gateway" "${2}";
    if header :index 2 :matches "received" "from * (* [*])*by *(Postfix) with * id * *" {
      set "client" "${2}[${3}], helo=<${1}>";
      set "id" "${7}";
      if string :matches "${id}" "*;" { set "id" "${1}"; }
      debug_log "handed over by ${gateway}: ${id}: client=${client}";
    }
  }
  # An attempt in the second of the arrival is the first one: nearly every message needs no look into the mailbox. The
  # day is left out, since Postfix writes the first nine of a month without a zero.
  if not header :index 1 :matches "received" "*; * ${time} *" {
    # As input, since an argument may not be as long as what a stranger calls himself in Received.
    if execute :input "${received}" "mailrig-delivered" {
      # For whoever asks where it is: without it, the log has a discard like any other (trace/reading.py).
      debug_log "delivered again, and dropped";
      discard;
      stop;
    }
  }
}
