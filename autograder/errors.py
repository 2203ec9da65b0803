"""What can go wrong in a course, said in a sentence that names the file, the place and the remedy."""


class CourseError(Exception):
    """Something in the course's own files is wrong; the message is for the author or the instructor."""


class LessonError(CourseError):
    """A lesson breaks the lesson format."""
