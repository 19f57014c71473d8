//! The line by which a task says which appointment it follows up.

const BEGIN: &str = "[GHL appointment ";
const END: char = ']';

/// The line of an appointment.
pub(crate) fn mark(appointment: &str) -> String {
    format!("{BEGIN}{appointment}{END}")
}

/// The appointment that a task's details name.
pub(crate) fn appointment_of(details: Option<&str>) -> Option<&str> {
    let (_, rest) = details?.rsplit_once(BEGIN)?;
    let (id, _) = rest.split_once(END)?;
    // One of a series has its beginning and length in its id.
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    (plain && !id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_marked_is_read_back_whatever_people_write_around_it() {
        let line = mark("ocQHyuzHvysMo5N5VsXc");
        for details in [
            line.clone(),
            format!("Call first.\r\n{line}"),
            format!("{line}\nDone?"),
        ] {
            assert_eq!(appointment_of(Some(&details)), Some("ocQHyuzHvysMo5N5VsXc"));
        }
        let one_of_a_series = "ocQHyuzHvysMo5N5VsXc_1729821600000_1800";
        assert_eq!(
            appointment_of(Some(&mark(one_of_a_series))),
            Some(one_of_a_series)
        );
        assert_eq!(appointment_of(Some("[GHL appointment ]")), None);
        assert_eq!(appointment_of(Some("[GHL appointment with Ada]")), None);
        assert_eq!(appointment_of(None), None);
    }
}
